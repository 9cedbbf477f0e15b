import {applyTransform} from './applyTransform.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {requireInteger} from './require.js';
import {requireTransform} from './requireTransform.js';
import type {StateTree} from './stateTree.js';
import {serializeTransform} from './transformRegistry.js';

/**
 * Applies a transform at steps 0, n, 2n, …; at all others gradients and state pass unchanged.
 *
 * @param n distance between two applications, in optimizer updates; a whole number >= 1.
 * @param transform what happens at these steps.
 * @throws RangeError if `n` is not a whole number >= 1.
 * @throws TypeError if `transform` is none.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {everyNSteps, transformGradients} from '@gradwire/core';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const optimizer = transformGradients(tf.train.sgd(0.1), everyNSteps(10, gradientNoise({eta: 0.3})));
 * ```
 */
export function everyNSteps<S extends StateTree>(
  n: number,
  transform: GradientTransform<S>,
): GradientTransform<S> {
  requireTransform('everyNSteps', 'transform', transform, 'Call everyNSteps(n, transform).');
  requireInteger('everyNSteps', {n}, 1);
  return Object.freeze({
    name: 'everyNSteps',
    on: transform.on ?? 'gradients',
    parts: [transform],
    get config() {
      return {n, transform: serializeTransform(transform)};
    },
    init: (params: NamedTensors) => transform.init(params),
    update: (grads: NamedTensors, state: S, ctx: StepContext) =>
      ctx.step % n === 0 ? applyTransform(transform, grads, state, ctx) : ([grads, state] as const),
  });
}
