import * as tf from '@tensorflow/tfjs-core';
import {applyTransform} from './applyTransform.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {partsWorkOn} from './partsWorkOn.js';
import {requireTransforms} from './requireTransform.js';
import {type StateTree, treeTensors} from './stateTree.js';
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
  const others = treeTensors([grads, states]);
  const next = [...states];
  for (const [i, transform] of transforms.entries()) {
    const given = grads;
    [grads, next[i]] = tf.tidy(() => applyTransform(transform, grads, states[i], ctx) as Result);
    disposeOver(given, others, [grads, next]);
    if (isEmpty(grads) && !isEmpty(given)) break;
    after?.(i, grads);
  }
  return [grads, next];
}

/** What `tf.tidy` may return; a state is that, but for its readonly lists. */
type Result = [NamedTensors, StateTree] & tf.TensorContainer;

/** Frees the gradients of a stage that is over, so that there is one copy at a time beside those that the chain was given. */
function disposeOver(stage: NamedTensors, others: ReadonlySet<tf.Tensor>, result: StateTree): void {
  const used = treeTensors(result);
  for (const tensor of Object.values(stage)) {
    const isOurs =
      !others.has(tensor) && !used.has(tensor) && !tensor.kept && !(tensor instanceof tf.Variable);
    if (isOurs) tensor.dispose();
  }
}

/** Whether there is no gradient: then there is no update either. */
export function isEmpty(grads: NamedTensors): boolean {
  for (const _ in grads) return false;
  return true;
}
