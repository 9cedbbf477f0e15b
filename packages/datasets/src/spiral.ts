import * as tf from '@tensorflow/tfjs-core';
import {linspace} from './linspace.js';
import {MersenneTwister} from './MersenneTwister.js';
import {requireOption, rules} from './requireOption.js';
import {requireOptions} from './requireOptions.js';

/** The options of {@link spiral}; the defaults are the published data of the CS231n case study with seed 0. */
export interface SpiralOptions {
  /** Number of points on each arm; a whole number >= 1. Default 100. */
  readonly pointsPerClass?: number;
  /** Number of arms, each one class; a whole number >= 1. Default 3. */
  readonly classes?: number;
  /** Standard deviation of the Gaussian noise on the angle, in radians; >= 0. Default 0.2. */
  readonly noise?: number;
  /** Seed of the noise; an integer in [0, 2³² − 1]. Default 0. */
  readonly seed?: number;
}

const DEFAULTS = {pointsPerClass: 100, classes: 3, noise: 0.2, seed: 0};

/**
 * Makes the arms of a spiral around the origin, one class per arm, in the order of the classes (not shuffled).
 *
 *     x = (r sin t, r cos t),   r = linspace(0, 1, N),   t = linspace(4j, 4(j + 1), N) + noise · N(0, 1)
 *
 * for class j = 0 … classes − 1 and N = `pointsPerClass`. Equal in float32 to the case study's NumPy code after
 * `np.random.seed(seed)`. The caller owns both tensors.
 *
 * @returns `x` of shape [classes · pointsPerClass, 2] in float32, and `y` of shape [classes · pointsPerClass] in int32,
 * which holds class indices from 0.
 * @throws RangeError if `pointsPerClass` or `classes` is not a positive integer, `noise` is negative or not finite, or
 * `seed` is not an integer in [0, 2³² − 1].
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {spiral} from '@gradwire/datasets';
 *
 * const {x, y} = spiral({pointsPerClass: 50, classes: 3, seed: 1});
 * const labels = tf.oneHot(y, 3);
 * console.log(x.shape, labels.shape); // [ 150, 2 ] [ 150, 3 ]
 * tf.dispose([x, y, labels]);
 * ```
 * @see Karpathy et al., Stanford CS231n, "Putting it together: Minimal Neural Network Case Study",
 * https://cs231n.github.io/neural-networks-case-study/.
 */
export function spiral(options: SpiralOptions = {}): {x: tf.Tensor2D; y: tf.Tensor1D} {
  const {pointsPerClass, classes, noise, seed} = requireOptions('spiral', options, DEFAULTS);
  requireOption('spiral', {pointsPerClass}, rules.count);
  requireOption('spiral', {classes}, rules.count);
  requireOption('spiral', {noise}, rules.spread);
  requireOption('spiral', {seed}, rules.seed);

  const random = new MersenneTwister(seed);
  const rows = classes * pointsPerClass;
  const x = new Float32Array(2 * rows);
  const y = new Int32Array(rows);
  const radii = linspace(0, 1, pointsPerClass);
  for (let label = 0; label < classes; label++) {
    const angles = linspace(4 * label, 4 * (label + 1), pointsPerClass);
    radii.forEach((radius, k) => {
      const row = label * pointsPerClass + k;
      const angle = (angles[k] as number) + noise * random.normal();
      x[2 * row] = radius * Math.sin(angle);
      x[2 * row + 1] = radius * Math.cos(angle);
      y[row] = label;
    });
  }
  return {x: tf.tensor2d(x, [rows, 2]), y: tf.tensor1d(y, 'int32')};
}
