import {MersenneTwister} from '@gradwire/datasets';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type {SpiralOptions} from './spiralOptions.js';

const SHAPES = [
  [2, 50],
  [50, 50],
  [50, 3],
] as const;
const NAMES = ['layer1', 'layer2', 'layer3'] as const;

/** Normal numbers that the points of the spiral took from the stream. */
const DRAWN_BY_DATA = 300;

/**
 * Two hidden layers of 50 units over the points of the plane, and the logits of three classes. Kernels are 0.1 · N(0, 1), biases 0.
 *
 * The kernels are those of NumPy's stream of `seed` that follow the 300 numbers for the points: with seed 0 they come from the very
 * stream that made the points, as published. The notebook trains a network with sigmoid and then one with ReLU, so that the
 * kernels of the second follow those of the first.
 */
export function spiralModel(activation: SpiralOptions['activation'], seed: number): tfl.LayersModel {
  const model = tfl.sequential({
    layers: NAMES.map((name, i) =>
      tfl.layers.dense({
        name,
        units: SHAPES[i]![1],
        ...(i === 0 ? {inputShape: [2]} : {}),
        ...(i < 2 ? {activation} : {}),
      }),
    ),
  });
  const random = new MersenneTwister(seed);
  const draw = (count: number): Float32Array =>
    Float32Array.from({length: count}, () => 0.1 * random.normal());
  const weights = SHAPES.reduce((sum, [rows, columns]) => sum + rows * columns, 0);
  draw(activation === 'sigmoid' ? DRAWN_BY_DATA : DRAWN_BY_DATA + weights);
  tf.tidy(() => {
    model.setWeights(
      SHAPES.flatMap(([rows, columns]) => [
        tf.tensor2d(draw(rows * columns), [rows, columns]),
        tf.zeros([columns]),
      ]),
    );
  });
  return model;
}
