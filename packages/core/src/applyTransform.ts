import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from './describeValue.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {isPlainRecord, mapTree, type StateTree} from './stateTree.js';

/**
 * Calls a transform's `update` and checks what it returns: gradients may change and may go; none may come, and none
 * may change its shape or its type.
 *
 * @throws Error that names the transform.
 */
export function applyTransform<S extends StateTree>(
  transform: GradientTransform<S>,
  grads: NamedTensors,
  state: S,
  ctx: StepContext,
): readonly [NamedTensors, S] {
  const result = transform.update(grads, state, ctx);
  requirePair(transform.name, result);
  requireSameForm(transform.name, grads, result[0], ctx);
  requireState(transform.name, result[1]);
  return result;
}

function requirePair(transform: string, result: unknown): void {
  if (Array.isArray(result) && result.length === 2) return;
  throw new TypeError(
    `transform '${transform}': update must return [gradients, state], got ${describeResult(result)}.`,
  );
}

function requireState(transform: string, state: StateTree): void {
  if (state !== undefined) mapTree(state, (leaf) => leaf, undefined, `transform '${transform}': state`);
}

function requireSameForm(
  transform: string,
  before: NamedTensors,
  after: unknown,
  {params}: StepContext,
): void {
  if (!isPlainRecord(after)) {
    throw new TypeError(
      `transform '${transform}': update must return the gradients as a record of tensors by name, got ${describeResult(after)}.`,
    );
  }
  for (const name in after) {
    const grad = after[name];
    const given = before[name];
    if (!(grad instanceof tf.Tensor)) {
      throw new TypeError(
        `transform '${transform}': update must return a tensor for '${name}', got ${describeResult(grad)}. Leave out what has no gradient.`,
      );
    }
    if (given === undefined) {
      throw new Error(
        `transform '${transform}': update returned a gradient for '${name}', which had none: it is frozen, not connected to the loss, or no parameter.`,
      );
    }
    if (grad.isDisposed) {
      throw new Error(
        `transform '${transform}': update returned a disposed tensor for '${name}'. Never call dispose.`,
      );
    }
    if (!tf.util.arraysEqual(grad.shape, given.shape)) {
      throw new Error(
        `transform '${transform}': update returned shape [${grad.shape}] for '${name}', which has [${given.shape}].`,
      );
    }
    const type = params[name]?.dtype ?? given.dtype;
    if (grad !== given && grad.dtype !== type) {
      throw new Error(
        `transform '${transform}': update returned ${grad.dtype} for '${name}', which is ${type}.`,
      );
    }
  }
}

function describeResult(value: unknown): string {
  const isLater = typeof (value as {then?: unknown} | null | undefined)?.then === 'function';
  return isLater ? `${describeValue(value)}; update is synchronous` : describeValue(value);
}
