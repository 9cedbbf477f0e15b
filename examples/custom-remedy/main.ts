import {circles} from '@gradwire/datasets';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {liftVanished} from './liftVanished.js';

await tf.setBackend('cpu');

const layer = (i: number): ReturnType<typeof tf.layers.dense> =>
  tf.layers.dense({
    units: i === 5 ? 1 : 5,
    activation: 'sigmoid',
    kernelInitializer: tf.initializers.randomNormal({stddev: 1, seed: i}),
    ...(i === 1 ? {inputShape: [2]} : {}),
  });
const model = tf.sequential({layers: [1, 2, 3, 4, 5].map(layer)});

const trainer = createTrainer({
  model,
  loss: 'binaryCrossentropy',
  optimizer: tf.train.momentum(0.02, 0.9),
  metrics: ['accuracy'],
  seed: 1,
  remedies: [liftVanished({minNorm: 0.3})],
});
const data = circles({seed: 42});
await trainer.fit(data, {epochs: 60});
const {acc} = await trainer.evaluate(data);
console.log(`accuracy: ${acc!.toFixed(3)}`);
