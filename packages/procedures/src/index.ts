export type {CacheSpeed} from './cacheSpeed.js';
export {freeze, type FreezeOptions} from './freeze.js';
export type {LayerMaker} from './freshLayers.js';
export {gradualUnfreezing, type GradualUnfreezingOptions} from './gradualUnfreezing.js';
export type {FloatArrays, PlainArray, PlainArrays} from './plainArrays.js';
export type {Unit} from './position.js';
export {pretrainAuxiliary, type PretrainAuxiliaryOptions} from './pretrainAuxiliary.js';
export {pretrainLayerwise, type PretrainLayerwiseOptions} from './pretrainLayerwise.js';
export type {ProcedureResult, Stage, StageOptions, StageResult} from './procedureOptions.js';
export {readNpz} from './readNpz.js';
export {readSafetensors} from './readSafetensors.js';
export {replaceTop, type ReplaceTopOptions} from './replaceTop.js';
export {type Reused, reuseLayers, type ReuseOptions, type WeightSource} from './reuseLayers.js';
export {type CacheOptions, type CacheResult, trainFromCache} from './trainFromCache.js';
export {
  type LayerwiseOptions,
  type LayerwiseResult,
  type LayerwiseStage,
  trainLayerwise,
} from './trainLayerwise.js';
