import type * as tf from '@tensorflow/tfjs-core';
import {GradientOptimizer} from './gradientOptimizer.js';
import type {GradientTransform} from './gradientTransform.js';
import {requireOptimizer} from './requireOptimizer.js';
import {requireTransforms} from './requireTransform.js';

/**
 * Wraps any tfjs optimizer so that gradients pass through transforms before it sees them.
 *
 *     g ← transformₙ(… transform₁(g)),  then the optimizer's own update
 *
 * The result is a `tf.Optimizer`: hand it to `model.compile` or call `minimize` on it. With no transforms, training
 * is bit-identical to the bare optimizer. Prints a warning where the order of transforms looks like a mistake, see
 * {@link lintChain}.
 *
 * @param optimizer the optimizer that applies the result; from now on it belongs to the wrapper.
 * @param transforms first to last.
 * @throws TypeError if `optimizer` is no `tf.Optimizer` (e.g. a string), or a transform is not one.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [3]})]});
 * model.compile({
 *   loss: 'meanSquaredError',
 *   optimizer: transformGradients(tf.train.adam(1e-3), clipByGlobalNorm({maxNorm: 1})),
 * });
 * await model.fit(tf.ones([8, 3]), tf.ones([8, 1]), {epochs: 1, verbose: 0});
 * ```
 */
export function transformGradients(
  optimizer: tf.Optimizer,
  ...transforms: readonly GradientTransform[]
): GradientOptimizer {
  requireOptimizer('transformGradients', optimizer);
  requireTransforms('transformGradients', transforms);
  return new GradientOptimizer(optimizer, transforms);
}
