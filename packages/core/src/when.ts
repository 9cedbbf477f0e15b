import {applyTransform} from './applyTransform.js';
import {describeValue} from './describeValue.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {requireTransform} from './requireTransform.js';
import type {StateTree} from './stateTree.js';
import {serializeTransform} from './transformRegistry.js';

/** Decides from the step, the epoch or the learning rate. */
export type StepPredicate = (ctx: StepContext) => boolean;

/**
 * Applies a transform in the steps that a predicate picks; in all others gradients and state pass unchanged.
 *
 * A predicate is a function, so a model whose optimizer has one cannot be saved with it; {@link everyNSteps} can.
 *
 * @param predicate gets the step's context.
 * @param transform what happens in these steps.
 * @throws TypeError if `predicate` is not a function or `transform` is none.
 * @throws TypeError in a step whose predicate does not answer true or false, before any update.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients, when} from '@gradwire/core';
 * import {clipByGlobalNorm} from '@gradwire/clipping';
 *
 * const atFirst = when(({step}) => step < 1000, clipByGlobalNorm({maxNorm: 0.1}));
 * const optimizer = transformGradients(tf.train.sgd(0.1), atFirst);
 * ```
 */
export function when<S extends StateTree>(
  predicate: StepPredicate,
  transform: GradientTransform<S>,
): GradientTransform<S> {
  if (typeof predicate !== 'function') {
    throw new TypeError(
      `when: predicate must be a function, got ${describeValue(predicate)}. Call when(predicate, transform).`,
    );
  }
  requireTransform('when', 'transform', transform, 'Call when(predicate, transform).');
  return Object.freeze({
    name: 'when',
    on: transform.on ?? 'gradients',
    parts: [transform],
    get config() {
      return {predicate, transform: serializeTransform(transform)};
    },
    init: (params: NamedTensors) => transform.init(params),
    update: (grads: NamedTensors, state: S, ctx: StepContext) =>
      isPicked(predicate(ctx)) ? applyTransform(transform, grads, state, ctx) : ([grads, state] as const),
  });
}

function isPicked(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer;
  throw new TypeError(`when: predicate must return true or false, got ${describeValue(answer)}.`);
}
