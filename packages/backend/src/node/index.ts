export type {Diagnosis, Measurement, Report, Unavailable} from '../doctor/diagnosis.js';
export {doctor, type DoctorOptions} from '../doctor/doctor.js';
export {doctorTable} from '../doctor/doctorTable.js';
