import {describeValue} from './describeValue.js';
import type {GradientTransform, StepContext, TransformTraits} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {isPlainRecord} from './stateTree.js';

/**
 * A transform that remembers nothing from step to step.
 *
 * @param name name of the factory that calls this.
 * @param config the factory's options, plain JSON.
 * @param update gradients in, gradients out; runs inside `tf.tidy`.
 * @param traits what `lintChain` knows it by.
 * @throws TypeError that names the argument that is of another kind.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {mapTensors, stateless} from '@gradwire/core';
 *
 * const scaleGradients = ({factor}: {factor: number}) =>
 *   stateless('scaleGradients', {factor}, (grads) => mapTensors(grads, (g) => tf.mul(g, factor)));
 *
 * console.log(scaleGradients({factor: 0.5}).name); // scaleGradients
 * ```
 */
export function stateless(
  name: string,
  config: Readonly<Record<string, unknown>>,
  update: (grads: NamedTensors, ctx: StepContext) => NamedTensors,
  traits?: TransformTraits,
): GradientTransform<undefined> {
  requireArgument('name', 'a non-empty string', name, typeof name === 'string' && name !== '');
  requireArgument('config', 'a plain object', config, isPlainRecord(config));
  requireArgument('update', 'a function', update, typeof update === 'function');
  return Object.freeze({
    name,
    config,
    ...(traits && {traits}),
    init: () => undefined,
    update: (grads: NamedTensors, state: undefined, ctx: StepContext) => [update(grads, ctx), state] as const,
  });
}

function requireArgument(argument: string, must: string, value: unknown, isMet: boolean): void {
  if (isMet) return;
  throw new TypeError(
    `stateless: ${argument} must be ${must}, got ${describeValue(value)}. Call stateless(name, config, update).`,
  );
}
