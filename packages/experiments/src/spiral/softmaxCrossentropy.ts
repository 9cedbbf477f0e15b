import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean cross-entropy of softmax, out of logits, with its gradient written out as in the published notebook: (p − y) / n. That of
 * tfjs takes four times as many calls, which in a network as small as this one is a quarter of the time.
 */
export function softmaxCrossentropy(yTrue: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const samples = logits.shape[0]!;
  const loss = tf.customGrad((scores, save) => {
    const probabilities = tf.softmax(scores as tf.Tensor);
    (save as tf.GradSaveFunc)([probabilities]);
    const value = tf.div(tf.sum(tf.log(tf.sum(tf.mul(yTrue, probabilities), 1))), -samples);
    const gradFunc = (dy: tf.Tensor, [p]: tf.Tensor[]): tf.Tensor =>
      tf.mul(tf.sub(p!, yTrue), tf.div(dy, samples));
    return {value, gradFunc};
  });
  return loss(logits);
}
