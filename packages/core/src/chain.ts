import * as tf from '@tensorflow/tfjs-core';
import {applyTransform} from './applyTransform.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {partsWorkOn} from './partsWorkOn.js';
import {requireTransforms} from './requireTransform.js';
import type {StateTree} from './stateTree.js';
import {serializeTransform} from './transformRegistry.js';

/**
 * Applies transforms one after the other, in the order written.
 *
 *     chain(f, g)(grads) = g(f(grads))
 *
 * The result is a transform again, so chains nest. The empty chain changes nothing. A transform that leaves no gradient,
 * because it waits or skips a step, ends the chain for this step.
 *
 * @param transforms first to last; all for gradients, or all for updates.
 * @throws TypeError if one is no transform, or they are for different things.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {chain, transformGradients} from '@gradwire/core';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const clippedThenNoisy = chain(clipByGlobalNorm({maxNorm: 1}), gradientNoise({eta: 0.01}));
 * const optimizer = transformGradients(tf.train.sgd(0.1), clippedThenNoisy);
 * ```
 */
export function chain(...transforms: readonly GradientTransform[]): GradientTransform<readonly StateTree[]> {
  requireTransforms('chain', transforms);
  return Object.freeze({
    name: 'chain',
    on: partsWorkOn('chain', transforms),
    parts: transforms,
    get config() {
      return {transforms: transforms.map(serializeTransform)};
    },
    init: (params: NamedTensors) => transforms.map((transform) => transform.init(params)),
    update: (grads: NamedTensors, states: readonly StateTree[], ctx: StepContext) =>
      runChain(transforms, grads, states, ctx),
  });
}

/** Called with the gradients as they are after the named transform. */
export type AfterTransform = (index: number, grads: NamedTensors) => void;

/** The loop behind {@link chain}. */
export function runChain(
  transforms: readonly GradientTransform[],
  grads: NamedTensors,
  states: readonly StateTree[],
  ctx: StepContext,
  after?: AfterTransform,
): readonly [NamedTensors, readonly StateTree[]] {
  // Each stage in a tidy around the one before: what no later one needs goes with it, so that beside the gradients that the
  // chain was given there is one copy at a time. What an author, a state or a parameter holds is not of this scope.
  const upTo = (count: number): Result => {
    if (count === 0) return [grads, states] as unknown as Result;
    return tf.tidy(() => {
      const [given, reached] = upTo(count - 1);
      if (isEmpty(given) && !isEmpty(grads)) return [given, reached] as Result;
      const place = count - 1;
      const [changed, state] = applyTransform(transforms[place]!, given, reached[place], ctx);
      if (!isEmpty(changed) || isEmpty(given)) after?.(place, changed);
      return [changed, reached.map((old, i) => (i === place ? state : old))] as Result;
    });
  };
  return upTo(transforms.length);
}

/** What `tf.tidy` may return; states are that, but for their readonly lists. */
type Result = [NamedTensors, readonly StateTree[]] & tf.TensorContainer;

/** Whether there is no gradient: then there is no update either. */
export function isEmpty(grads: NamedTensors): boolean {
  for (const _ in grads) return false;
  return true;
}
