import * as tf from '@tensorflow/tfjs-core';

/** What the backend of tfjs-node has besides its declared type. */
interface NativeBackend {
  executeSingleOutput(
    operation: string,
    attributes: readonly unknown[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_FLOAT' | 'TF_INT32', number>>;
}

/** Runs an operation of native TensorFlow that tfjs has no kernel for, on float32 tensors and int32 axes. */
export function runNative(
  operation: string,
  tensors: readonly tf.Tensor[],
  axes: readonly tf.Tensor[] = [],
): tf.Tensor {
  const {executeSingleOutput, binding} = tf.backend() as unknown as NativeBackend;
  const type = (name: string, value: number) => ({name, type: binding.TF_ATTR_TYPE, value});
  const attributes = [type('T', binding.TF_FLOAT), ...axes.map(() => type('Tidx', binding.TF_INT32))];
  return executeSingleOutput.call(tf.backend(), operation, attributes, [...tensors, ...axes]);
}
