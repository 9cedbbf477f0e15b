import {describeValue} from '@gradwire/core';
import type {TensorData} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/**
 * The inputs of data `{x, y}` in the order of the model's.
 *
 * @throws TypeError if data are no tensors `{x, y}`; RangeError if a shape does not fit.
 */
export function inputsOf(where: string, model: LayersModel, data: TensorData): tf.Tensor[] {
  const {x, y} = (data ?? {}) as Partial<TensorData>;
  if (x === undefined || y === undefined) {
    throw new TypeError(`${where} must be tensors {x, y}, got ${describeValue(data)}.`);
  }
  // Not `inputNames`: a `Sequential` has none.
  const names = model.inputs.map(({sourceLayer}) => sourceLayer.name);
  const given = x instanceof tf.Tensor ? [x] : Array.isArray(x) ? x : names.map((name) => x[name]);
  if (given.length !== model.inputs.length) {
    throw new RangeError(
      `${where}: x has ${given.length} tensors, the model has ${model.inputs.length} inputs.`,
    );
  }
  return given.map((tensor, i) => requireInput(`${where}: x`, model, tensor, i));
}

function requireInput(where: string, model: LayersModel, tensor: unknown, i: number): tf.Tensor {
  if (!(tensor instanceof tf.Tensor)) {
    throw new TypeError(
      `${where} must have a tensor for input '${model.inputs[i]!.sourceLayer.name}', got ${describeValue(tensor)}.`,
    );
  }
  const wanted = model.inputs[i]!.shape;
  const fits =
    tensor.rank === wanted.length &&
    wanted.slice(1).every((length, axis) => length === null || length === tensor.shape[axis + 1]);
  if (fits && tensor.shape[0]! > 0) return tensor;
  throw new RangeError(
    `${where} has shape [${tensor.shape.join(', ')}], input '${model.inputs[i]!.sourceLayer.name}' takes [${wanted.map((length) => length ?? 'samples').join(', ')}].`,
  );
}
