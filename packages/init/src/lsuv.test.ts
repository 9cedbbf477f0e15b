import {expectNoLeaks, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {momentsOf} from '../fixtures/moments.js';
import {build, networks, toTensor} from '../fixtures/networks.js';
import {lsuv, type LsuvOptions} from './lsuv.js';
import {randomNormal} from './randomNormal.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

/** Eight sigmoid layers, through which signals vanish. */
function deep(): tf.Sequential {
  const layers = Array.from({length: 8}, (_, i) =>
    tf.layers.dense({units: 16, activation: 'tanh', inputShape: [16], name: `layer${i}`}),
  );
  return tf.sequential({layers});
}

function batchOf(shape: number[]): tf.Tensor {
  return tf.randomNormal(shape, 0, 1, 'float32', 7);
}

function valuesOf(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

/** The deviation of the output of a model without its last activation. */
function deviationBefore(model: tf.Sequential, depth: number, batch: tf.Tensor): number {
  const below =
    depth === 0
      ? batch
      : (tf
          .model({inputs: model.inputs, outputs: model.layers[depth - 1]!.output as tf.SymbolicTensor})
          .predict(batch) as tf.Tensor);
  const [kernel, bias] = model.layers[depth]!.getWeights() as [tf.Tensor2D, tf.Tensor];
  return momentsOf(tf.add(tf.matMul(below as tf.Tensor2D, kernel), bias).dataSync()).deviation;
}

describe('lsuv agrees with the loop of its authors', () => {
  it.each(networks.map((network, i) => [`network ${i}`, network] as const))('in %s', async (_, network) => {
    const model = build(network);
    const report = await lsuv(model, toTensor(network.batch), {initializer: 'keep'});
    expect(report.map(({iterations}) => iterations)).toEqual(network.lsuv.map(({iterations}) => iterations));
    for (const [i, {kernel, variance}] of network.lsuv.entries()) {
      expect(model.layers[i]!.getWeights()[0]).toBeAllclose(toTensor(kernel), {rtol: 1e-5, atol: 1e-6});
      expect(report[i]!.variance).toBeAllclose(variance, {rtol: 1e-4});
    }
  });
});

describe('lsuv', () => {
  it('brings the output of every layer to variance 1 before its activation', async () => {
    const [model, batch] = [deep(), batchOf([64, 16])];
    await lsuv(model, batch, {seed: 42});
    const deviations = model.layers.map((_, depth) => deviationBefore(model, depth, batch));
    expect(deviations).toBeAllclose(1, {rtol: 0, atol: 0.05});
  });

  it('reports each layer in order', async () => {
    const report = await lsuv(deep(), batchOf([64, 16]), {seed: 42, tolerance: 1e-4});
    expect(report.map(({layer}) => layer)).toEqual(Array.from({length: 8}, (_, i) => `layer${i}`));
    expect(report.map(({variance}) => variance)).toBeAllclose(1, {rtol: 0, atol: 1e-4});
  });

  it('leaves a layer alone that is within the tolerance', async () => {
    const [model, batch] = [deep(), batchOf([64, 16])];
    await lsuv(model, batch, {seed: 42, tolerance: 1e-4});
    const before = valuesOf(model);
    const report = await lsuv(model, batch, {initializer: 'keep'});
    expect(report.map(({iterations}) => iterations)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(valuesOf(model)).toEqual(before);
  });

  it('only measures with maxIterations 0', async () => {
    const model = deep();
    const before = valuesOf(model);
    const [first] = await lsuv(model, batchOf([64, 16]), {
      initializer: 'keep',
      maxIterations: 0,
      tolerance: 1e-9,
    });
    expect(first).toMatchObject({layer: 'layer0', iterations: 0});
    expect(valuesOf(model)).toEqual(before);
  });

  it('gives the same weights for the same seed', async () => {
    const models = [deep(), deep()];
    for (const model of models) await lsuv(model, batchOf([64, 16]), {seed: 3});
    expect(valuesOf(models[0]!)).toEqual(valuesOf(models[1]!));
  });

  it('puts activations back', async () => {
    const [model, batch] = [deep(), batchOf([64, 16])];
    await lsuv(model, batch, {seed: 42});
    const {largest} = momentsOf((model.predict(tf.mul(batch, 100)) as tf.Tensor).dataSync());
    expect(largest).toBeLessThanOrEqual(1);
    expect(model.layers.map((layer) => layer.getConfig()['activation'])).toEqual(
      model.layers.map(() => 'tanh'),
    );
  });

  it('works in nested models and residual layers, in the order of the calls', async () => {
    const input = tf.input({shape: [4]});
    const late = tf.layers.dense({units: 4, name: 'late'});
    const inner = tf.sequential({
      layers: [tf.layers.dense({units: 4, inputShape: [4], name: 'within'})],
      name: 'inner',
    });
    const output = late.apply(inner.apply(input)) as tf.SymbolicTensor;
    const report = await lsuv(tf.model({inputs: input, outputs: output}), batchOf([32, 4]), {seed: 1});
    expect(report.map(({layer}) => layer)).toEqual(['inner/within', 'late']);
  });

  it.each<[string, () => tf.layers.Layer, number[]]>([
    [
      'conv1d',
      () => tf.layers.conv1d({filters: 3, kernelSize: 2, inputShape: [6, 2], activation: 'relu'}),
      [8, 6, 2],
    ],
    [
      'conv3d',
      () => tf.layers.conv3d({filters: 3, kernelSize: 2, inputShape: [3, 3, 3, 1]}),
      [8, 3, 3, 3, 1],
    ],
    [
      'separableConv2d',
      () => tf.layers.separableConv2d({filters: 3, kernelSize: 2, inputShape: [5, 5, 2], depthMultiplier: 2}),
      [8, 5, 5, 2],
    ],
    [
      'conv2d with channels first',
      () => tf.layers.conv2d({filters: 3, kernelSize: 2, inputShape: [2, 5, 5], dataFormat: 'channelsFirst'}),
      [8, 2, 5, 5],
    ],
  ])('scales the kernel of %s', async (_, layer, shape) => {
    const model = tf.sequential({layers: [layer()]});
    const [report] = await lsuv(model, batchOf(shape), {
      seed: 1,
      initializer: randomNormal({stddev: 3}),
      tolerance: 1e-4,
    });
    expect(report!.variance).toBeCloseTo(1, 4);
  });

  it('leaves frozen layers and other layers alone', async () => {
    const frozen = tf.layers.dense({units: 4, inputShape: [4], name: 'frozen', trainable: false});
    const model = tf.sequential({
      layers: [frozen, tf.layers.batchNormalization(), tf.layers.dense({units: 2, name: 'free'})],
    });
    const before = valuesOf(model);
    const report = await lsuv(model, batchOf([32, 4]), {seed: 1});
    expect(report.map(({layer}) => layer)).toEqual(['free']);
    const kernel = model.weights.findIndex(({name}) => name.startsWith('free/kernel'));
    expect(valuesOf(model).filter((_, i) => i !== kernel)).toEqual(before.filter((_, i) => i !== kernel));
  });

  it('leaves nothing behind', async () => {
    const [model, batch] = [deep(), batchOf([64, 16])];
    await expectNoLeaks(() => lsuv(model, batch));
  });
});

describe('when lsuv fails, weights are as before and nothing is left behind:', () => {
  async function expectUnchanged(model: tf.Sequential, batch: tf.Tensor, message: string): Promise<void> {
    const before = valuesOf(model);
    await expectNoLeaks(() => expect(lsuv(model, batch)).rejects.toThrow(message));
    expect(valuesOf(model)).toEqual(before);
    expect(model.layers.every((layer) => !Object.hasOwn(layer, 'call'))).toBe(true);
  }

  it('a layer with dead inputs', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({units: 4, inputShape: [4], name: 'first'}),
        tf.layers.thresholdedReLU({theta: 1e9}),
        tf.layers.dense({units: 4, name: 'dead'}),
      ],
    });
    await expectUnchanged(
      model,
      batchOf([8, 4]),
      "lsuv: layer 'dead' returns a variance of 0. " +
        'Its inputs are dead or not finite, or the batch has too few samples.',
    );
  });

  it('a batch that is not finite', () =>
    expectUnchanged(deep(), tf.fill([8, 16], Infinity), "lsuv: layer 'layer0' returns a variance of NaN."));

  it('an activation that throws', async () => {
    const model = deep();
    const second = model.layers[1] as unknown as {activation: {apply(): never; getClassName(): string}};
    const {activation} = second;
    second.activation = {
      apply: () => {
        throw new Error('broken activation');
      },
      getClassName: () => 'broken',
    };
    await expectUnchanged(model, batchOf([8, 16]), 'broken activation');
    second.activation = activation;
  });
});

describe('lsuv refuses', () => {
  it.each<[LsuvOptions, Error]>([
    [{tolerance: 0}, new RangeError('lsuv: tolerance must be > 0, got 0.')],
    [{maxIterations: -1}, new RangeError('lsuv: maxIterations must be a whole number >= 0, got -1.')],
    [
      {initializer: 'heNormal' as never},
      new TypeError("lsuv: initializer must be an initializer, e.g. heNormal(), got the string 'heNormal'."),
    ],
    [
      {tol: 1} as never,
      new TypeError("lsuv: there is no option 'tol'. Options: initializer, tolerance, maxIterations, seed."),
    ],
  ])('the options %o', async (options, error) => {
    await expect(lsuv(deep(), batchOf([8, 16]), options)).rejects.toThrow(error);
  });

  it('a batch that is no tensor', async () => {
    await expect(lsuv(deep(), [[1, 2]] as never)).rejects.toThrow(
      new TypeError('lsuv: batch must be a tensor or a list of tensors, got a list of 1.'),
    );
  });

  it.each([
    ['too few inputs', [[8, 2]], '[8, 2]'],
    [
      'inputs in another order',
      [
        [8, 3],
        [8, 2],
      ],
      '[8, 3] and [8, 2]',
    ],
  ])('a batch of %s', async (_what, shapes, got) => {
    const inputs = [tf.input({shape: [2]}), tf.input({shape: [3]})];
    const joined = tf.layers.concatenate().apply(inputs) as tf.SymbolicTensor;
    const outputs = tf.layers.dense({units: 1}).apply(joined) as tf.SymbolicTensor;
    await expect(lsuv(tf.model({inputs, outputs}), shapes.map(batchOf))).rejects.toThrow(
      new TypeError(`lsuv: batch must fit the model's inputs, of shape [any, 2] and [any, 3], got ${got}.`),
    );
  });

  it('a model without layers to scale', async () => {
    const model = tf.sequential({layers: [tf.layers.batchNormalization({inputShape: [2]})]});
    await expect(lsuv(model, batchOf([8, 2]))).rejects.toThrow(
      new Error('lsuv: the model has no dense or convolutional layer that is not frozen.'),
    );
  });
});
