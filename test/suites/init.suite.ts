import {
  checkInit,
  dataDependent,
  heNormal,
  type LayerInitializer,
  lsuv,
  orthogonal,
  randomNormal,
  randomUniform,
  reinitialize,
  sparse,
} from '@gradwire/init';
import {paramSpec} from '@gradwire/core';
import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {valuesOf, weightsOf} from './support/values.js';

/** Dense, convolutional and depthwise layers, with and without an activation of their own. */
function network(): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({filters: 4, kernelSize: 3, activation: 'relu', inputShape: [7, 7, 2], name: 'conv'}),
      tf.layers.depthwiseConv2d({kernelSize: 2, depthMultiplier: 2, name: 'depthwise'}),
      tf.layers.reLU({name: 'relu'}),
      tf.layers.flatten({name: 'flatten'}),
      tf.layers.dense({units: 6, activation: 'tanh', name: 'dense'}),
      tf.layers.dense({units: 3, activation: 'softmax', name: 'out'}),
    ],
  });
}

const size = 16 * 7 * 7 * 2;

function batch(): tf.Tensor {
  return tf.tensor(
    Float32Array.from({length: size}, (_, i) => Math.sin(1.7 * i + 0.3 * i * i)),
    [16, 7, 7, 2],
  );
}

describe('initializers give the same values on every backend:', () => {
  it.each<[string, LayerInitializer, readonly number[]]>([
    ['heNormal', heNormal(), [0.7394583, -0.2448193, 0.4473944, -0.1871742]],
    ['randomNormal', randomNormal(), [0.0325223245, -0.0107674664, 0.0196769796, -0.00823215954]],
    ['randomUniform', randomUniform(), [0.0422098301, -0.0139747979, 0.0440744944, -0.0184392259]],
    ['orthogonal', orthogonal(), [-0.4800394, 0.8772469, 0.8772469, 0.4800394]],
    ['sparse', sparse({sparsity: 0.5}), [0.00650446489, 0, 0, -0.00164643186]],
  ])('%s', async (_, initializer, expected) => {
    const values = await valuesOf(initializer(paramSpec('dense/kernel', [2, 2]), 42));
    expect(values).toBeAllclose(expected, {rtol: 1e-6, atol: 0});
  });
});

describe('of a model', () => {
  it('reinitialize changes the weights, and no others', async () => {
    const model = network();
    const names = reinitialize(model, {'**/*kernel': orthogonal()}, {seed: 42});
    expect(names).toHaveLength(4);
    const biases = model.weights.filter((weight) => weight.originalName.endsWith('bias'));
    const values = await Promise.all(biases.map((bias) => valuesOf(bias.read())));
    expect(values.flat().every((value) => value === 0)).toBe(true);
  });

  it('lsuv brings every layer to variance 1', async () => {
    const report = await lsuv(network(), batch(), {seed: 42, tolerance: 1e-3});
    expect(report.map(({layer}) => layer)).toEqual(['conv', 'depthwise', 'dense', 'out']);
    expect(report.map(({variance}) => variance)).toBeAllclose(1, {rtol: 0, atol: 1e-3});
  });

  it('dataDependent finds nothing to do the second time', async () => {
    const model = network();
    await dataDependent(model, batch(), {initializer: heNormal(), seed: 42});
    const report = await dataDependent(model, batch());
    expect(report.flatMap((layer) => [layer.smallestDeviation, layer.largestDeviation])).toBeAllclose(1, {
      rtol: 1e-3,
    });
  });

  it('checkInit measures what it does on cpu', async () => {
    const model = network();
    reinitialize(model, {'**/*kernel': heNormal()}, {seed: 42});
    const table = await checkInit(model, batch());
    expect(Object.keys(table)).toEqual(['conv', 'depthwise', 'relu', 'flatten', 'dense', 'out']);
    expect(Object.values(table).map(({forward}) => forward)).toBeAllclose(
      [0.2744, 0.7714, 0.1073, 0.1073, 0.147, 0.01968],
      {rtol: 2e-3},
    );
    expect(Object.values(table).map(({backward}) => backward)).toBeAllclose(
      [0.002104, 0.001458, 0.003237, 0.003237, 0.04654, 1.053],
      {rtol: 2e-3},
    );
  });

  it('nothing is left behind, and checkInit changes no weight', async () => {
    const [model, inputs] = [network(), batch()];
    await expectNoLeaks(async () => {
      await lsuv(model, inputs, {seed: 1});
      await dataDependent(model, inputs);
    });
    const before = await weightsOf(model);
    await expectNoLeaks(() => checkInit(model, inputs));
    expect(await weightsOf(model)).toEqual(before);
  });
});
