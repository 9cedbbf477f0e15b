import type * as tf from '@tensorflow/tfjs-core';

/**
 * Tensors keyed by the name of the variable that they belong to.
 *
 * A parameter without a gradient (frozen, or not connected to the loss) has no key: it is a *hole*, and holes
 * stay holes through every transform.
 */
export type NamedTensors = Readonly<Record<string, tf.Tensor>>;

/** One entry of the lists that `tf.Optimizer` takes and gives. tfjs does not export its type of the same form. */
export interface NamedTensor {
  name: string;
  tensor: tf.Tensor;
}
