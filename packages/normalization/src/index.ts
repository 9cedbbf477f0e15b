export {centralizeGradients} from './centralizeGradients.js';
export {equalizeLayers, type EqualizeLayersOptions} from './equalizeLayers.js';
export {normalizeByNorm, type NormalizeByNormOptions} from './normalizeByNorm.js';
export {scaleToWeights, type ScaleToWeightsOptions} from './scaleToWeights.js';
export {signGradients} from './signGradients.js';
export {standardizeGradients, type StandardizeGradientsOptions} from './standardizeGradients.js';
