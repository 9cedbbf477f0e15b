import {
  divideEach,
  globalNorm,
  type GradientTransform,
  requireOptions,
  requirePositive,
  stateless,
} from '@gradwire/core';
import {excess} from './excess.js';

/** The options of {@link clipByGlobalNorm}. */
export interface ClipByGlobalNormOptions {
  /** Largest joint L2 norm that passes unchanged; > 0, in units of the gradient. */
  readonly maxNorm: number;
}

/**
 * Scales all gradients by one factor so that their joint L2 norm is at most `maxNorm`.
 *
 *     g ← g · min(1, maxNorm / ‖(g₁, …, gₙ)‖₂)
 *
 * Keeps the direction of the whole gradient. PyTorch's `clip_grad_norm_` without the 1e-6 that it adds to the norm: a
 * smaller gradient passes exactly unchanged, a larger one ends at `maxNorm` but for rounding. Any shapes; holes stay
 * holes and count for nothing. Entries that are not finite are not repaired.
 *
 * @throws RangeError if `maxNorm` is not a positive number.
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
  const {maxNorm} = requireOptions('clipByGlobalNorm', options, {maxNorm: 1});
  requirePositive('clipByGlobalNorm', {maxNorm});
  return stateless(
    'clipByGlobalNorm',
    {maxNorm},
    (grads) => divideEach(grads, excess(globalNorm(grads), maxNorm)),
    {kind: 'clip', scope: 'global'},
  );
}
