import type {Tolerance} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';

/** Where a sum is made in an order of the driver's own, by shaders that differ with the shape. */
const UNORDERED = ['webgl', 'webgpu'];

/** How far two trainings that do the same may end from each other on this backend: mostly not at all. */
export function sameTraining(): Tolerance {
  return UNORDERED.includes(tf.getBackend()) ? {rtol: 1e-3, atol: 1e-5} : {rtol: 0, atol: 0};
}
