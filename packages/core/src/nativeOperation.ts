import * as tf from '@tensorflow/tfjs-core';

/** What the backend of tfjs-node has besides its declared type. */
interface NativeBackend {
  executeSingleOutput(
    operation: string,
    attributes: readonly unknown[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_FLOAT' | 'TF_INT32', number>>;
}

/** An operation of TensorFlow that has one type `T`; `types` are the other attributes that are types, by name. */
export function nativeOperation(
  operation: string,
  inputs: readonly tf.Tensor[],
  types: Readonly<Record<string, 'float32' | 'int32'>> = {},
  more: readonly unknown[] = [],
): tf.Tensor {
  const backend = native();
  const {TF_ATTR_TYPE: type, TF_FLOAT, TF_INT32} = backend.binding;
  const attributes = Object.entries({T: inputs[0]!.dtype, ...types}).map(([name, dtype]) => ({
    name,
    type,
    value: dtype === 'int32' ? TF_INT32 : TF_FLOAT,
  }));
  return backend.executeSingleOutput(operation, [...attributes, ...more], inputs);
}

/** Over the second axis, which stays. */
export function reduceRows(
  operation: 'EuclideanNorm' | 'Max' | 'Min' | 'Sum',
  matrix: tf.Tensor,
  axis: tf.Tensor = tf.scalar(1, 'int32'),
): tf.Tensor {
  const keep = {name: 'keep_dims', type: native().binding.TF_ATTR_BOOL, value: true};
  return nativeOperation(operation, [matrix, axis], {Tidx: 'int32'}, [keep]);
}

function native(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}
