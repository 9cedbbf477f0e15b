export {normalizeByNorm, type NormalizeByNormOptions} from './normalizeByNorm.js';
export {standardizeGradients, type StandardizeGradientsOptions} from './standardizeGradients.js';
