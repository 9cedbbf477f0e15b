import {
  describeValue,
  type GradientTransform,
  requireOptions,
  requirePositive,
  stateless,
} from '@gradwire/core';
import {limitGlobalNorm} from './limitGlobalNorm.js';

/** The options of {@link clipByGlobalNorm}. */
export interface ClipByGlobalNormOptions {
  /** Largest joint norm that passes unchanged; > 0, in units of the gradient. */
  readonly maxNorm: number;
  /** Which norm: 2 (default), the root of the sum of squares, or `'inf'`, the largest magnitude of an entry. */
  readonly norm?: 2 | 'inf';
}

/**
 * Scales all gradients by one factor so that their joint norm is at most `maxNorm`.
 *
 *     g ← g · min(1, maxNorm / ‖(g₁, …, gₙ)‖)
 *
 * Keeps the direction of the whole gradient. PyTorch's `clip_grad_norm_`, with `norm_type` 2 or infinity, without the
 * 1e-6 that it adds to the norm: a smaller gradient passes exactly unchanged, a larger one ends at `maxNorm` but for
 * rounding. Any shapes; holes stay holes and count for nothing. Entries that are not finite are not repaired.
 *
 * @throws RangeError if `maxNorm` is not a positive number, or `norm` neither 2 nor `'inf'`.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 *
 * const w = tf.variable(tf.tensor1d([30, 40]), true, 'clipByGlobalNormExample');
 * const optimizer = transformGradients(tf.train.sgd(1), clipByGlobalNorm({maxNorm: 1}));
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [60, 80]
 * w.print(); // [29.4, 39.2]
 * ```
 * @see Pascanu, Mikolov, Bengio (2013), "On the difficulty of training recurrent neural networks", arXiv:1211.5063.
 */
export function clipByGlobalNorm(options: ClipByGlobalNormOptions): GradientTransform<undefined> {
  const {maxNorm, norm = 2} = requireOptions('clipByGlobalNorm', options, {maxNorm: 1, norm: 2});
  requirePositive('clipByGlobalNorm', {maxNorm});
  if (norm !== 2 && norm !== 'inf') {
    throw new RangeError(`clipByGlobalNorm: norm must be 2 or 'inf', got ${describeValue(norm)}.`);
  }
  return stateless('clipByGlobalNorm', {maxNorm, norm}, (grads) => limitGlobalNorm(grads, maxNorm, norm), {
    kind: 'clip',
    scope: 'global',
  });
}
