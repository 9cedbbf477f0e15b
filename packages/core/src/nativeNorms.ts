import * as tf from '@tensorflow/tfjs-core';

/** What the backend of tfjs-node has besides its declared type. */
interface NativeBackend {
  executeSingleOutput(
    operation: string,
    attributes: readonly unknown[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  readonly binding: {readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number};
}

/** Outside of these, half a sum of squares may lack terms that have left the range of float32. */
const [SMALLEST, LARGEST] = [1e-24, 1e37];

/**
 * The L2 norms of float32 tensors, by TensorFlow's own `L2Loss`: one pass over each, and no copy.
 *
 * @param carefully gives the norm where squares leave the range of float32.
 */
export function nativeNorms(
  tensors: readonly tf.Tensor[],
  carefully: (tensor: tf.Tensor) => tf.Tensor,
): tf.Tensor1D {
  const backend = tf.backend() as unknown as NativeBackend;
  const {TF_ATTR_TYPE: type, TF_FLOAT: value} = backend.binding;
  return tf.tidy(() => {
    const halves = tensors.map((tensor) =>
      backend.executeSingleOutput('L2Loss', [{name: 'T', type, value}], [tensor]),
    );
    const norms = Array.from(tf.stack(halves).dataSync(), (half, i) => {
      const isSafe = half >= SMALLEST && half <= LARGEST;
      return isSafe ? Math.sqrt(2 * half) : carefully(tensors[i]!).dataSync()[0]!;
    });
    return tf.tensor1d(norms);
  });
}
