export {progress, type ProgressOptions} from './progress.js';
export type {ProgressStream} from './progressStream.js';
