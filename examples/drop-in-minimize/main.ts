import {transformGradients} from '@gradwire/core';
import {normalizeByNorm} from '@gradwire/normalization';
import * as tf from '@tensorflow/tfjs';

await tf.setBackend('cpu');

// A badly scaled valley: 1000 times as steep in one direction as in the other.
const steep = tf.variable(tf.scalar(1), true, 'steep');
const flat = tf.variable(tf.scalar(1), true, 'flat');
const height = (): tf.Scalar => tf.add(tf.mul(500, tf.square(steep)), tf.mul(0.5, tf.square(flat)));

// Without the transform, a rate small enough for `steep` hardly moves `flat`.
const optimizer = transformGradients(tf.train.sgd(0.01), normalizeByNorm());

console.log(`height before: ${height().dataSync()[0]!.toFixed(3)}`);
for (let step = 0; step < 100; step++) optimizer.minimize(height);
console.log(`height after 100 steps: ${height().dataSync()[0]!.toFixed(3)}`);
