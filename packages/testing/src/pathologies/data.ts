import * as tf from '@tensorflow/tfjs-core';
import type {Random} from './random.js';

/** Samples along the first axis. */
export interface Data<X extends tf.Tensor = tf.Tensor> {
  readonly x: X;
  readonly y: tf.Tensor2D;
}

/** A smooth function of a few standard normal inputs, with mean 0 and variance near 1, under a little noise. */
export function surface(random: Random, samples: number, inputs = 4, noise = 0.1): Data<tf.Tensor2D> {
  const [a, b] = [direction(random, inputs), direction(random, inputs)];
  const x = random.normals(samples * inputs);
  const y = Float32Array.from({length: samples}, (_, row) => {
    const along = (v: Float32Array): number => v.reduce((sum, vi, i) => sum + vi * x[row * inputs + i]!, 0);
    return Math.sin(1.5 * along(a)) + 0.7 * along(b) + noise * random.normal();
  });
  return {x: tf.tensor2d(x, [samples, inputs]), y: tf.tensor2d(y, [samples, 1])};
}

/**
 * The corners of a cube in four dimensions, over and over, with a noisy linear target. A linear layer with bias has
 * curvature 2 in every direction of the mean squared error, if `samples` is a multiple of 16.
 */
export function corners(random: Random, samples: number): Data<tf.Tensor2D> {
  const x = Float32Array.from({length: 4 * samples}, (_, i) => (((i >> 2) >> (i & 3)) & 1 ? 1 : -1));
  const slope = random.normals(4);
  const y = Float32Array.from({length: samples}, (_, row) =>
    slope.reduce((sum, s, i) => sum + s * x[4 * row + i]!, 0.3 * random.normal()),
  );
  return {x: tf.tensor2d(x, [samples, 4]), y: tf.tensor2d(y, [samples, 1])};
}

/** Clouds in a ring around the origin, one per class; `spread` 0.3 keeps three of them apart. */
export function clouds(random: Random, samples: number, classes = 3, spread = 0.4): Data<tf.Tensor2D> {
  const x = new Float32Array(2 * samples);
  const y = new Float32Array(classes * samples);
  const turn = 2 * Math.PI * random.uniform();
  for (let row = 0; row < samples; row++) {
    const label = random.below(classes);
    const angle = turn + (2 * Math.PI * label) / classes;
    x[2 * row] = Math.cos(angle) + spread * random.normal();
    x[2 * row + 1] = Math.sin(angle) + spread * random.normal();
    y[classes * row + label] = 1;
  }
  return {x: tf.tensor2d(x, [samples, 2]), y: tf.tensor2d(y, [samples, classes])};
}

/** Two noisy rings, one around the other, with labels 0 and 1. */
export function rings(random: Random, samples: number, noise = 0.15): Data<tf.Tensor2D> {
  const x = new Float32Array(2 * samples);
  const y = Float32Array.from({length: samples}, () => random.below(2));
  y.forEach((label, row) => {
    const angle = 2 * Math.PI * random.uniform();
    const radius = (label === 1 ? 0.6 : 1.6) + noise * random.normal();
    x[2 * row] = radius * Math.cos(angle);
    x[2 * row + 1] = radius * Math.sin(angle);
  });
  return {x: tf.tensor2d(x, [samples, 2]), y: tf.tensor2d(y, [samples, 1])};
}

/** Standard normal inputs, and classes that have nothing to do with them. */
export function unrelated(
  random: Random,
  samples: number,
  inputs: number,
  classes: number,
): Data<tf.Tensor2D> {
  const x = random.normals(samples * inputs);
  const y = new Float32Array(samples * classes);
  for (let row = 0; row < samples; row++) y[classes * row + random.below(classes)] = 1;
  return {x: tf.tensor2d(x, [samples, inputs]), y: tf.tensor2d(y, [samples, classes])};
}

/** Images of 8x8 with one stroke: across, down, or both; under noise. Three classes. */
export function strokes(random: Random, samples: number): Data<tf.Tensor4D> {
  const x = Float32Array.from({length: samples * 64}, () => 0.2 * random.normal());
  const y = new Float32Array(samples * 3);
  for (let image = 0; image < samples; image++) {
    const label = random.below(3);
    const [row, column] = [random.below(8), random.below(8)];
    for (let i = 0; i < 8; i++) {
      if (label !== 1) x[64 * image + 8 * row + i]! += 1;
      if (label !== 0) x[64 * image + 8 * i + column]! += 1;
    }
    y[3 * image + label] = 1;
  }
  return {x: tf.tensor4d(x, [samples, 8, 8, 1]), y: tf.tensor2d(y, [samples, 3])};
}

/** Sequences of standard normal pairs; the target is the sum of the first channel over √length. */
export function sums(random: Random, samples: number, length: number): Data<tf.Tensor3D> {
  const x = random.normals(samples * length * 2);
  const y = Float32Array.from({length: samples}, (_, row) => {
    let sum = 0;
    for (let t = 0; t < length; t++) sum += x[2 * (row * length + t)]!;
    return sum / Math.sqrt(length);
  });
  return {x: tf.tensor3d(x, [samples, length, 2]), y: tf.tensor2d(y, [samples, 1])};
}

/** Of length 1. */
function direction(random: Random, size: number): Float32Array {
  const v = random.normals(size);
  const norm = Math.hypot(...v);
  return v.map((vi) => vi / norm);
}
