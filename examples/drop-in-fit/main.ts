import {clipByGlobalNorm} from '@gradwire/clipping';
import {transformGradients} from '@gradwire/core';
import {spiral} from '@gradwire/datasets';
import {gradientNoise} from '@gradwire/noise';
import * as tf from '@tensorflow/tfjs';

await tf.setBackend('cpu');

const {x, y} = spiral({pointsPerClass: 100, classes: 3, noise: 0.2, seed: 0});
const classes = tf.oneHot(y, 3);

const model = tf.sequential({
  layers: [
    tf.layers.dense({units: 50, activation: 'relu', inputShape: [2]}),
    tf.layers.dense({units: 3, activation: 'softmax'}),
  ],
});

// The one line that changes: any tf.train optimizer goes in, a tf.Optimizer comes out.
const optimizer = transformGradients(
  tf.train.adam(0.02),
  clipByGlobalNorm({maxNorm: 1}),
  gradientNoise({eta: 1e-4, seed: 7}),
);

model.compile({optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy']});
const {history} = await model.fit(x, classes, {epochs: 60, verbose: 0});

console.log(`accuracy after 60 epochs: ${Number(history['acc']!.at(-1)).toFixed(3)}`);
