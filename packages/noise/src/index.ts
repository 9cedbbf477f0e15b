export {gradientNoise, type GradientNoiseOptions} from './gradientNoise.js';
