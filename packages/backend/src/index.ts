export type {BackendChoice, BackendPreference, PassedOver, WhyNot} from './backendChoice.js';
export {checkTrainable} from './checkTrainable.js';
export {type MissingKernels, MissingKernelsError} from './missingKernelsError.js';
export {useBackend} from './useBackend.js';
