import type {NamedTensors, StateTree} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** A tensor as plain data that nothing changes any more. */
export interface Snapshot {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly number[];
}

/** Copies of all tensors, by name. */
export async function snapshot(tensors: NamedTensors): Promise<Record<string, Snapshot>> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => {
    const {shape, dtype} = tensor;
    return [name, {shape: [...shape], dtype, values: [...(await tensor.data())]}] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The tensors of a state, by their path. */
export function stateTensors(state: StateTree, path = 'state'): NamedTensors {
  if (state === undefined || typeof state === 'number') return {};
  if (state instanceof tf.Tensor) return {[path]: state};
  const parts = Object.entries(state).map(([key, part]) => stateTensors(part as StateTree, `${path}/${key}`));
  return Object.assign({}, ...parts);
}
