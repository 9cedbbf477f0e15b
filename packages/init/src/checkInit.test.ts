import {expectNoLeaks, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {checkInit} from './checkInit.js';
import {heNormal} from './heNormal.js';
import {orthogonal} from './orthogonal.js';
import {randomNormal} from './randomNormal.js';
import {reinitialize} from './reinitialize.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

function deep(activation: 'relu' | 'linear' | 'sigmoid', depth = 6, units = 64): tf.Sequential {
  const layers = Array.from({length: depth}, (_, i) =>
    tf.layers.dense({units, activation, inputShape: [units], name: `layer${i}`}),
  );
  return tf.sequential({layers});
}

function batchOf(...shape: number[]): tf.Tensor {
  return tf.randomNormal(shape, 0, 1, 'float32', 7);
}

function valuesOf(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

describe('checkInit', () => {
  it('finds the size of signals and gradients kept by orthogonal kernels, to the last layer', async () => {
    const model = deep('linear');
    reinitialize(model, {'**/kernel': orthogonal()}, {seed: 1});
    const table = await checkInit(model, batchOf(64, 64));
    for (const {forwardRatio, backwardRatio = 1} of Object.values(table)) {
      expect([forwardRatio, backwardRatio]).toBeAllclose(1, {rtol: 2e-3});
    }
  });

  it('finds a gradient halved by every ReLU on its way back, with weights of variance 1 / fan', async () => {
    const model = deep('relu', 6, 200);
    reinitialize(model, {'**/kernel': randomNormal({stddev: Math.sqrt(1 / 200)})}, {seed: 1});
    const {layer2, layer3} = await checkInit(model, batchOf(128, 200));
    expect(layer2!.backwardRatio).toBeCloseTo(0.5, 1);
    expect(layer3!.backwardRatio).toBeCloseTo(0.5, 1);
  });

  it('measures what plain gradients are', async () => {
    const model = deep('sigmoid', 3, 5);
    reinitialize(model, {'**': randomNormal({stddev: 1})}, {seed: 1});
    const batch = batchOf(16, 5);
    const table = await checkInit(model, batch, {seed: 3});
    // The gradient at the output of layer1 is that of layer2's input.
    const below = tf.model({inputs: model.inputs, outputs: model.layers[1]!.output as tf.SymbolicTensor});
    const y = below.predict(batch) as tf.Tensor;
    const incoming = await incomingOf(model, batch);
    const gradient = tf.grad((x) => tf.sum(tf.mul(model.layers[2]!.apply(x) as tf.Tensor, incoming)))(y);
    expect(table['layer1']!.forward).toBeAllclose(varianceOf(y), {rtol: 1e-3});
    expect(table['layer1']!.backward).toBeAllclose(varianceOf(gradient), {rtol: 1e-3});
  });

  it('has ratios to the neighbours, the batch being that of the first layer', async () => {
    const batch = batchOf(16, 64);
    const {layer0, layer1, layer2} = await checkInit(deep('sigmoid', 3), batch);
    expect(layer0!.forwardRatio).toBeAllclose(layer0!.forward / varianceOf(batch), {rtol: 1e-2});
    expect(layer2).not.toHaveProperty('backwardRatio');
    expect(layer1!.forwardRatio).toBeAllclose(layer1!.forward / layer0!.forward, {rtol: 1e-2});
    expect(layer1!.backwardRatio).toBeAllclose(layer1!.backward / layer2!.backward, {rtol: 1e-2});
  });

  it('sees gradients that have vanished to 1e-15', async () => {
    const model = deep('linear', 6);
    reinitialize(model, {'**/kernel': randomNormal({stddev: 1e-4})}, {seed: 1});
    const {layer0, layer1} = await checkInit(model, batchOf(16, 64));
    expect(layer0!.backward).toBeGreaterThan(0);
    expect(layer0!.backwardRatio).toBeAllclose(6.4e-7, {rtol: 0.2});
    expect(layer0!.backward / layer1!.backward).toBeAllclose(layer0!.backwardRatio!, {rtol: 1e-2});
  });

  it('gives the same for the same seed, and another gradient for another', async () => {
    const [model, batch] = [deep('relu'), batchOf(16, 64)];
    const table = await checkInit(model, batch);
    expect(await checkInit(model, batch, {seed: 0})).toEqual(table);
    expect((await checkInit(model, batch, {seed: 1}))['layer0']!.backward).not.toBe(
      table['layer0']!.backward,
    );
  });

  it('lists layers without weights and those of nested models, in the order of the calls', async () => {
    const input = tf.input({shape: [4]});
    const inner = tf.sequential({
      layers: [tf.layers.dense({units: 4, inputShape: [4], name: 'dense'}), tf.layers.reLU({name: 'relu'})],
      name: 'inner',
    });
    const output = tf.layers.dropout({rate: 0.5, name: 'dropout'}).apply(inner.apply(input));
    const table = await checkInit(
      tf.model({inputs: input, outputs: output as tf.SymbolicTensor}),
      batchOf(8, 4),
    );
    expect(Object.keys(table)).toEqual(['inner/dense', 'inner/relu', 'dropout']);
  });

  it('works where layers have no weights before them, or no weights at all', async () => {
    const model = tf.sequential({
      layers: [tf.layers.flatten({inputShape: [2, 2], name: 'flat'}), tf.layers.reLU({name: 'relu'})],
    });
    const {flat} = await checkInit(model, batchOf(500, 2, 2));
    expect(flat!.backward).toBeCloseTo(0.5, 1);
  });

  it('works with an embedding of whole numbers', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({inputDim: 5, outputDim: 4, inputLength: 3, name: 'embedding'}),
        tf.layers.lstm({units: 4, name: 'lstm'}),
        tf.layers.dense({units: 1, name: 'out'}),
      ],
    });
    const table = await checkInit(
      model,
      tf.tensor2d([
        [0, 1, 2],
        [3, 4, 0],
      ]),
    );
    expect(Object.values(table).every(({backward}) => backward > 0)).toBe(true);
  });

  it('works with several inputs and outputs, and layers that are called twice', async () => {
    const inputs = [tf.input({shape: [4]}), tf.input({shape: [4]})];
    const shared = tf.layers.dense({units: 4, name: 'shared'});
    const [a, b] = inputs.map((input) => shared.apply(input) as tf.SymbolicTensor) as [
      tf.SymbolicTensor,
      tf.SymbolicTensor,
    ];
    const sum = tf.layers.add({name: 'sum'}).apply([a, b]) as tf.SymbolicTensor;
    const table = await checkInit(tf.model({inputs, outputs: [sum, a]}), [batchOf(8, 4), batchOf(8, 4)]);
    expect(Object.keys(table).toSorted()).toEqual(['shared', 'sum']);
  });

  it('fits into 80 columns', async () => {
    const table = await checkInit(deep('sigmoid', 12, 8), batchOf(16, 8));
    // As console.table does: the widest of head and cells, two spaces and a border.
    const rows = Object.entries(table).map(([layer, row]) => ({layer, ...row}) as Record<string, unknown>);
    const heads = ['layer', 'forward', 'backward', 'forwardRatio', 'backwardRatio'];
    const widths = heads.map((head) =>
      Math.max(head.length, ...rows.map((row) => String(row[head] ?? '').length)),
    );
    expect(widths.reduce((sum, width) => sum + width + 3, 1)).toBeLessThanOrEqual(80);
  });

  it.each([false, true])('changes nothing in the model with training %s', async (training) => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({units: 4, inputShape: [4]}),
        tf.layers.batchNormalization(),
        tf.layers.dense({units: 2}),
      ],
    });
    const before = valuesOf(model);
    const variables = model.weights.map((weight) => weight.read());
    await checkInit(model, batchOf(16, 4), {training});
    expect(valuesOf(model)).toEqual(before);
    expect(model.weights.map((weight) => weight.read())).toEqual(variables);
    expect(model.layers.every((layer) => !Object.hasOwn(layer, 'call'))).toBe(true);
  });

  it('normalises by the batch with training true', async () => {
    const model = tf.sequential({layers: [tf.layers.batchNormalization({inputShape: [4], name: 'norm'})]});
    const batch = tf.mul(batchOf(256, 4), 10);
    expect((await checkInit(model, batch))['norm']!.forward).toBeGreaterThan(50);
    expect((await checkInit(model, batch, {training: true}))['norm']!.forward).toBeCloseTo(1, 1);
  });

  it.each([false, true])('leaves nothing behind with training %s', async (training) => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({units: 4, inputShape: [4]}),
        tf.layers.batchNormalization(),
        tf.layers.dense({units: 2}),
      ],
    });
    const batch = batchOf(16, 4);
    await expectNoLeaks(() => checkInit(model, batch, {training}));
  });

  it('leaves nothing behind when a layer throws', async () => {
    const model = deep('relu', 3);
    const broken = model.layers[2] as unknown as {activation: unknown};
    const {activation} = broken;
    broken.activation = {
      apply: () => {
        throw new Error('broken activation');
      },
      getClassName: () => 'broken',
    };
    const batch = batchOf(8, 64);
    await expectNoLeaks(() => expect(checkInit(model, batch)).rejects.toThrow('broken activation'));
    expect(model.layers.every((layer) => !Object.hasOwn(layer, 'call'))).toBe(true);
    broken.activation = activation;
  });

  it('shows He initialisation to keep signals through ReLUs', async () => {
    const model = deep('relu', 10, 256);
    reinitialize(model, {'**/kernel': heNormal()}, {seed: 1});
    const {layer0, layer9} = await checkInit(model, batchOf(64, 256));
    expect(layer9!.forward / layer0!.forward).toBeGreaterThan(0.3);
    expect(layer9!.forward / layer0!.forward).toBeLessThan(3);
  });
});

describe('checkInit refuses', () => {
  it('a batch that is no tensor', async () => {
    await expect(checkInit(deep('relu'), 1 as never)).rejects.toThrow(
      new TypeError('checkInit: batch must be a tensor or a list of tensors, got the number 1.'),
    );
  });

  it('an option that it does not know', async () => {
    await expect(checkInit(deep('relu'), batchOf(8, 64), {loss: 1} as never)).rejects.toThrow(
      new TypeError("checkInit: there is no option 'loss'. Options: seed, training."),
    );
  });
});

/** The random gradient at the output, found by what it does to a bias that is added there. */
async function incomingOf(model: tf.Sequential, batch: tf.Tensor): Promise<tf.Tensor> {
  const {varianceProbe} = await import('./varianceProbe.js');
  return varianceProbe(model, batch, {seed: 3, training: false}).gradients['layer2']!;
}

function varianceOf(tensor: tf.Tensor): number {
  const {variance} = tf.moments(tensor);
  return (variance.dataSync()[0]! * tensor.size) / (tensor.size - 1);
}
