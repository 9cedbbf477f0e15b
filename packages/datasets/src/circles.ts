import * as tf from '@tensorflow/tfjs-core';
import {MersenneTwister} from './MersenneTwister.js';
import {requireOption, rules} from './requireOption.js';
import {requireOptions} from './requireOptions.js';

/** The options of {@link circles}; the defaults are the published data of "Visualizing the vanishing gradient problem". */
export interface CirclesOptions {
  /** Number of points on both circles together; a whole number >= 1. Of an odd number the inner circle gets one more. Default 1000. */
  readonly samples?: number;
  /** Radius of the inner circle, where the outer circle's is 1; in [0, 1). Default 0.5. */
  readonly factor?: number;
  /** Standard deviation of the Gaussian noise on each coordinate, in units of the outer radius; >= 0. Default 0.1. */
  readonly noise?: number;
  /** Seed of the order and of the noise; an integer in [0, 2³² − 1]. Default 42. */
  readonly seed?: number;
}

const DEFAULTS = {samples: 1000, factor: 0.5, noise: 0.1, seed: 42};

/**
 * Makes two concentric circles of points, shuffled: the outer one is class 0, the inner one class 1.
 *
 *     outer: (cos θₖ, sin θₖ) + noise · N(0, 1),            θₖ = 2πk / ⌊n/2⌋
 *     inner: (cos θₖ, sin θₖ) · factor + noise · N(0, 1),   θₖ = 2πk / ⌈n/2⌉
 *
 * Equal in float32 to scikit-learn's `make_circles(n_samples, noise=noise, factor=factor, random_state=seed)`. The caller
 * owns both tensors.
 *
 * @returns `x` of shape [samples, 2] and `y` of shape [samples, 1], which holds 0 or 1; both float32.
 * @throws RangeError if `samples` is not a positive integer, `factor` is not in [0, 1), `noise` is negative or not
 * finite, or `seed` is not an integer in [0, 2³² − 1].
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {circles} from '@gradwire/datasets';
 *
 * const {x, y} = circles({samples: 200, noise: 0.05, seed: 7});
 * console.log(x.shape, y.shape); // [ 200, 2 ] [ 200, 1 ]
 * tf.dispose([x, y]);
 * ```
 * @see Pedregosa et al. (2011), "Scikit-learn: Machine Learning in Python", JMLR 12; `sklearn.datasets.make_circles`.
 */
export function circles(options: CirclesOptions = {}): {x: tf.Tensor2D; y: tf.Tensor2D} {
  const {samples, factor, noise, seed} = requireOptions('circles', options, DEFAULTS);
  requireOption('circles', {samples}, rules.count);
  requireOption('circles', {factor}, rules.fraction);
  requireOption('circles', {noise}, rules.spread);
  requireOption('circles', {seed}, rules.seed);

  const random = new MersenneTwister(seed);
  const outer = Math.floor(samples / 2);
  const inner = samples - outer;
  const x = new Float32Array(2 * samples);
  const y = new Float32Array(samples);
  random.permutation(samples).forEach((point, row) => {
    const isInner = point >= outer;
    const angle = isInner ? (point - outer) * ((2 * Math.PI) / inner) : point * ((2 * Math.PI) / outer);
    const radius = isInner ? factor : 1;
    x[2 * row] = Math.cos(angle) * radius + noise * random.normal();
    x[2 * row + 1] = Math.sin(angle) * radius + noise * random.normal();
    y[row] = isInner ? 1 : 0;
  });
  return {x: tf.tensor2d(x, [samples, 2]), y: tf.tensor2d(y, [samples, 1])};
}
