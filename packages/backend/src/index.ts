export type {BackendChoice, BackendPreference, PassedOver} from './backendChoice.js';
export {useBackend} from './useBackend.js';
