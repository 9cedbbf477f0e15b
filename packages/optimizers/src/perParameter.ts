import type {GradientTransform, NamedTensors, StateTree, StepContext} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {type Constants, constants} from './constants.js';

/** What is remembered of every parameter, by its name. */
export type Slots<Slot extends StateTree> = Readonly<Record<string, Slot>>;

/** What takes the place of one parameter's gradient, and what is remembered for the next step. */
export type Rule<Slot extends StateTree> = (
  grad: tf.Tensor,
  slot: Slot,
  constant: Constants,
  ctx: StepContext,
) => readonly [grad: tf.Tensor, slot: Slot];

/** From this size on, what a rule leaves over is freed at once; below, that costs more than it saves. */
const LARGE = 4096;

/**
 * A transform that treats every parameter by itself. A parameter without a gradient keeps its slot: it counts its own steps.
 *
 * @param init a parameter's slot before its first step.
 */
export function perParameter<Slot extends StateTree>(
  name: string,
  config: Readonly<Record<string, unknown>>,
  init: (param: tf.Tensor) => Slot,
  rule: Rule<Slot>,
): GradientTransform<Slots<Slot>> {
  return Object.freeze({
    name,
    config,
    init: (params: NamedTensors) =>
      Object.fromEntries(Object.entries(params).map(([key, param]) => [key, init(param)])),
    update(grads: NamedTensors, slots: Slots<Slot>, ctx: StepContext) {
      const shared = constants();
      const changed: Record<string, tf.Tensor> = {};
      const next: Record<string, Slot> = {...slots};
      for (const [key, grad] of Object.entries(grads)) {
        const slot = slots[key] as Slot;
        const [result, kept] =
          grad.size < LARGE
            ? rule(grad, slot, shared, ctx)
            : tidied(() => rule(grad, slot, constants(), ctx));
        changed[key] = result;
        next[key] = kept;
      }
      return [changed, next] as const;
    },
  });
}

/** `tf.tidy` for what its type does not know: readonly lists and records. */
function tidied<Result>(compute: () => Result): Result {
  return tf.tidy(compute as () => tf.TensorContainer) as Result;
}
