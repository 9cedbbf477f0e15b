import type {Tolerance} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import fixtures from '../fixtures/layers.json' with {type: 'json'};
import {useCpu} from '../fixtures/useCpu.js';
import {run} from '../fixtures/wave.js';
import * as layers from './index.js';

useCpu();

type Factory = (options: object) => tf.layers.Layer;
const factories = layers as unknown as Readonly<Record<string, Factory>>;

describe('agrees with PyTorch:', () => {
  it.each(fixtures.cases)('the output of $name', ({layer, options, shape, x, y}) => {
    expect(run(factories[layer]!(options), tf.tensor(x, shape))).toBeAllclose(tf.tensor(y, shape), close(y));
  });

  it.each(fixtures.cases)('the gradient of $name', ({layer, options, shape, x, dx, dy}) => {
    const made = factories[layer]!(options);
    const gradient = tf.grad((input) => run(made, input))(tf.tensor(x, shape), tf.tensor(dy, shape));
    expect(gradient).toBeAllclose(tf.tensor(dx, shape), close(dx));
  });
});

/** Entries that cancel are as exact as the largest is. */
function close(values: readonly number[]): Tolerance {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return {rtol: 1e-4, atol: 1e-5 * Math.min(1, largest)};
}
