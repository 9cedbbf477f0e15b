export {agarap} from './agarap.js';
export {dropGradients, type DropGradientsOptions} from './dropGradients.js';
export {gradientNoise, type GradientNoiseOptions} from './gradientNoise.js';
export {langevinNoise, type LangevinNoiseOptions} from './langevinNoise.js';
export {neelakantan} from './neelakantan.js';
export {uniformNoise, type UniformNoiseOptions} from './uniformNoise.js';
