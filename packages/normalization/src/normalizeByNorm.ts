import {
  describeValue,
  divideEach,
  globalNorm,
  type GradientTransform,
  type NamedTensors,
  normOfEach,
  requireNonNegative,
  requireOptions,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {divideLayers} from './divideLayers.js';
import {oneForZero} from './oneForZero.js';

/** The options of {@link normalizeByNorm}. */
export interface NormalizeByNormOptions {
  /**
   * Added to the norm; >= 0, in units of the gradient. Gradients with a norm well above it come to unit norm; far below
   * it they are only scaled by 1 / epsilon. Default 0: all but zero gradients come to unit norm.
   */
  readonly epsilon?: number;
  /**
   * What comes to unit norm: every parameter (default); every layer, which is what stands before the last slash of the
   * variables' names, `dense_Dense1` of `dense_Dense1/kernel` and `dense_Dense1/bias`; all gradients together.
   */
  readonly per?: 'parameter' | 'layer' | 'global';
}

/**
 * Scales gradients to unit L2 norm: each by itself, those of each layer together, or all together.
 *
 *     gᵢ ← gᵢ / (‖gᵢ‖₂ + epsilon),  or ‖(gⱼ of the layer)‖₂, or ‖(g₁, …, gₙ)‖₂
 *
 * Keeps the direction of what is scaled together and makes the length of its step the learning rate's alone: `parameter`
 * where weights and biases should move alike, `layer` where only layers should, `global` where nothing but the overall
 * size is to go. Zeros stay zero. Right from 1e-38 to 1e38. Any shapes, among them scalars, which become their sign
 * by themselves; holes stay holes.
 *
 * @throws RangeError if `epsilon` is negative or not finite, or `per` none of the three.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {normalizeByNorm} from '@gradwire/normalization';
 *
 * const w = tf.variable(tf.tensor1d([3, 4]), true, 'normalizeByNormExample');
 * const optimizer = transformGradients(tf.train.sgd(1), normalizeByNorm());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [6, 8]
 * w.print(); // [2.4, 3.2]
 * ```
 * @see Yu et al. (2017), "Block-Normalized Gradient Method", arXiv:1707.04822.
 */
export function normalizeByNorm(options: NormalizeByNormOptions = {}): GradientTransform<undefined> {
  const known = {epsilon: 0, per: "'layer'"};
  const {epsilon = 0, per = 'parameter'} = requireOptions('normalizeByNorm', options, known);
  requireNonNegative('normalizeByNorm', {epsilon});
  if (!Object.hasOwn(scalings, per)) {
    throw new RangeError(
      `normalizeByNorm: per must be 'parameter', 'layer' or 'global', got ${describeValue(per)}.`,
    );
  }
  return stateless(
    'normalizeByNorm',
    {epsilon, per},
    (grads) => scalings[per](grads, (norms) => oneForZero(tf.add(norms, epsilon))),
    {kind: 'normalize', scope: per},
  );
}

type Divisors = <T extends tf.Tensor>(norms: T) => T;

const scalings: Record<
  NonNullable<NormalizeByNormOptions['per']>,
  (grads: NamedTensors, divisors: Divisors) => NamedTensors
> = {
  parameter: (grads, divisors) => divideEach(grads, divisors(normOfEach(grads))),
  layer: divideLayers,
  global: (grads, divisors) => divideEach(grads, divisors(globalNorm(grads))),
};
