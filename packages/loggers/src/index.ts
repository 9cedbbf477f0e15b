export {csv, type CsvOptions} from './csv.js';
export type {FileLogger, FileLoggerOptions} from './fileLogger.js';
export {jsonl} from './jsonl.js';
export {progress, type ProgressOptions} from './progress.js';
export type {ProgressStream} from './progressStream.js';
export {readEvents} from './readEvents.js';
export {taskProgress, type TaskProgress, type TaskProgressOptions, type TaskState} from './taskProgress.js';
export {tensorBoard} from './tensorBoard.js';
export {withoutRepeats} from './withoutRepeats.js';
