import * as tf from '@tensorflow/tfjs-core';
import {surface} from '../data.js';
import {definePathology} from '../definePathology.js';
import {denseNet} from '../denseNet.js';
import {he} from '../kernels.js';

const BATCH = 32;

/** The batch that is poisoned, in each epoch of forty: at steps 30, 70, 110 and 150, where captures are due every 2, 5 or 10 steps. */
const POISONED = 30;

export const gradientSpike = [
  definePathology({
    name: 'poisonedLabels',
    illness: 'gradientSpike',
    describe:
      'A healthy training, but for one batch in forty whose labels are a thousand times too large, as if in grams instead of kilograms.',
    create: (random) => {
      const {x, y} = surface(random, 40 * BATCH);
      return {
        model: denseNet(random, {inputs: 4, hidden: [16, 16], activation: 'relu', kernel: he}),
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.001),
        x,
        y: poison(y, 1000),
        epochs: 4,
        batchSize: BATCH,
        shuffle: false,
      };
    },
  }),
  definePathology({
    name: 'poisonedInputs',
    illness: 'gradientSpike',
    describe: 'A healthy training, but for one batch in forty whose inputs are a hundred times too large.',
    create: (random) => {
      const {x, y} = surface(random, 40 * BATCH);
      return {
        model: denseNet(random, {inputs: 4, hidden: [16, 16], activation: 'relu', kernel: he}),
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.003),
        x: poison(x, 100),
        y,
        epochs: 4,
        batchSize: BATCH,
        shuffle: false,
      };
    },
  }),
];

/** Makes one batch `factor` times as large, and frees what it was made of. */
function poison(samples: tf.Tensor2D, factor: number): tf.Tensor2D {
  const factors = Float32Array.from({length: samples.shape[0]}, (_, row) =>
    Math.floor(row / BATCH) === POISONED ? factor : 1,
  );
  const poisoned = tf.tidy(() => tf.mul<tf.Tensor2D>(samples, tf.tensor2d(factors, [factors.length, 1])));
  samples.dispose();
  return poisoned;
}
