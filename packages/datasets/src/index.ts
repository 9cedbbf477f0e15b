export type {ImageSet, ImageSetFiles} from './assembleImageSet.js';
export {circles, type CirclesOptions} from './circles.js';
export {imageSet, type ImageSetOptions} from './imageSet.js';
export type {LabelledImages} from './labelledImages.js';
export {MersenneTwister} from './MersenneTwister.js';
export type {IdxArray} from './parseIdx.js';
export {readIdx} from './readIdx.js';
export {spiral, type SpiralOptions} from './spiral.js';
