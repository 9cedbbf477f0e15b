export type {CirclesActivation} from './circlesNetwork.js';
export {
  type CirclesResult,
  type CirclesScore,
  vanishingCircles,
  type VanishingCirclesOptions,
} from './vanishingCircles.js';
