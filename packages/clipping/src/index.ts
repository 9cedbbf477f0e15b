export {clipByGlobalNorm, type ClipByGlobalNormOptions} from './clipByGlobalNorm.js';
export {clipByNorm, type ClipByNormOptions} from './clipByNorm.js';
export {clipByValue, type ClipByValueOptions} from './clipByValue.js';
