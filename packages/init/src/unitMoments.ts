import * as tf from '@tensorflow/tfjs-core';
import {type LinearLayer, unitAxisOf} from './linearLayer.js';

/** Of every unit over a batch. */
export interface UnitMoments {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** Mean and deviation of every unit in the output of a layer, which is disposed. */
export async function momentsOfUnits(output: tf.Tensor, linear: LinearLayer): Promise<UnitMoments> {
  const table = tf.tidy(() => {
    const axes = output.shape.map((_, axis) => axis);
    axes.splice(unitAxisOf(linear, output.rank), 1);
    // In units of the largest value, so that no square leaves the range of float32.
    const largest = tf.maximum(tf.max(tf.abs(output)), 1e-30);
    const {mean, variance} = tf.moments(tf.div(output, largest), axes);
    return tf.stack([tf.mul(mean, largest), tf.mul(tf.sqrt(variance), largest)]);
  });
  output.dispose();
  try {
    const values = [...(await table.data())];
    return {means: values.slice(0, values.length / 2), deviations: values.slice(values.length / 2)};
  } finally {
    table.dispose();
  }
}
