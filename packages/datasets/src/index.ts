export {circles, type CirclesOptions} from './circles.js';
export {spiral, type SpiralOptions} from './spiral.js';
