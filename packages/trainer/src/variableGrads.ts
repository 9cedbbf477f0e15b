import * as tf from '@tensorflow/tfjs-core';

/** `tf.variableGrads`, which when something throws leaves behind all that it has saved for the backward pass. */
export function variableGrads(
  f: () => tf.Scalar,
  variables: tf.Variable[],
): {value: tf.Scalar; grads: tf.NamedTensorMap} {
  try {
    return tf.variableGrads(f, variables);
  } catch (error) {
    const {state} = tf.engine();
    for (const {saved} of state.activeTape ?? []) tf.dispose(saved ?? []);
    state.activeTape = [];
    throw error;
  }
}
