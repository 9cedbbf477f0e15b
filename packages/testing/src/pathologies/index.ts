export {pathologies} from './pathologies.js';
export type {Pathology, Patient} from './pathology.js';
