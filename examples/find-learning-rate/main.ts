import {setLearningRate} from '@gradwire/core';
import {circles} from '@gradwire/datasets';
import {findLearningRate} from '@gradwire/optimizers';
import {plot} from 'simple-ascii-chart';
import * as tf from '@tensorflow/tfjs';

await tf.setBackend('cpu');

const dense = (units: number, activation: 'tanh' | 'sigmoid', seed: number, inputShape?: [number]) =>
  tf.layers.dense({
    units,
    activation,
    kernelInitializer: tf.initializers.glorotUniform({seed}),
    ...(inputShape && {inputShape}),
  });
const model = tf.sequential({
  layers: [dense(16, 'tanh', 1, [2]), dense(16, 'tanh', 2), dense(1, 'sigmoid', 3)],
});
const {x, y} = circles({seed: 42});

/** What `minimize` takes: the loss of the batch that a step is on. */
function lossOf(step: number): tf.Scalar {
  const from = (32 * step) % 960;
  return tf.mean(
    tf.losses.sigmoidCrossEntropy(
      tf.slice(y, from, 32),
      logits(tf.slice(x, from, 32)),
      undefined,
      undefined,
      tf.Reduction.NONE,
    ),
  );
}

/** What goes into the sigmoid of the last layer. */
function logits(batch: tf.Tensor): tf.Tensor {
  const p = tf.clipByValue(model.predict(batch) as tf.Tensor, 1e-6, 1 - 1e-6);
  return tf.log(tf.div(p, tf.sub(1, p)));
}

const range = await findLearningRate({
  optimizer: () => tf.train.adam(),
  loss: lossOf,
  from: 1e-5,
  to: 10,
  steps: 150,
});
const points = range.smoothed.map((loss, i): [number, number] => [Math.log10(range.rates[i]!), loss]);
console.log(plot(points, {title: 'loss against log10 of the learning rate', width: 60, height: 12}));
console.log(`suggested learning rate: ${range.suggestion?.toPrecision(2) ?? 'none'}`);

// The weights are as they were: train at that rate.
const optimizer = tf.train.adam();
setLearningRate(optimizer, range.suggestion ?? 1e-3);
model.compile({loss: 'binaryCrossentropy', optimizer, metrics: ['accuracy']});
const {history} = await model.fit(x, y, {epochs: 10, verbose: 0});
console.log(`accuracy ${Number(history['acc']!.at(-1)).toFixed(3)}`);
