export {adaptiveGradientClip, type AdaptiveGradientClipOptions} from './adaptiveGradientClip.js';
export {autoClip, type AutoClipOptions, type AutoClipState} from './autoClip.js';
export {clipByGlobalNorm, type ClipByGlobalNormOptions} from './clipByGlobalNorm.js';
export {clipByNorm, type ClipByNormOptions} from './clipByNorm.js';
export {clipByValue, type ClipByValueOptions} from './clipByValue.js';
export {clipSpikes, type ClipSpikesOptions, type ClipSpikesState} from './clipSpikes.js';
export {clipUpdates, type ClipUpdatesOptions} from './clipUpdates.js';
export {skipNonFinite, type SkipNonFiniteOptions, type SkipNonFiniteState} from './skipNonFinite.js';
export {zeroNonFinite} from './zeroNonFinite.js';
