import type * as tf from '@tensorflow/tfjs';

/** The entries of a tensor. Asynchronous, as WebGPU has no other way. */
export async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  return [...(await tensor.data())];
}

/** All weights of a model, one behind the other. */
export async function weightsOf(model: tf.LayersModel): Promise<number[]> {
  return (await Promise.all(model.getWeights().map(valuesOf))).flat();
}

/** The L2 norm of plain numbers. */
export function normOf(values: readonly number[]): number {
  return Math.hypot(...values);
}
