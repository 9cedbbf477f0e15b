import {expectNoLeaks, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {build, networks, toTensor} from '../fixtures/networks.js';
import {dataDependent} from './dataDependent.js';
import {heNormal} from './heNormal.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

function batchOf(shape: number[]): tf.Tensor {
  return tf.randomNormal(shape, 3, 2, 'float32', 7);
}

function valuesOf(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

describe('dataDependent agrees with NumPy and PyTorch', () => {
  it.each(networks.map((network, i) => [`network ${i}`, network] as const))('in %s', async (_, network) => {
    const model = build(network);
    const report = await dataDependent(model, toTensor(network.batch));
    for (const [i, expected] of network.dataDependent.entries()) {
      const [kernel, bias] = model.layers[i]!.getWeights();
      expect(kernel).toBeAllclose(toTensor(expected.kernel), {rtol: 1e-4, atol: 1e-5});
      expect(bias).toBeAllclose(toTensor(expected.bias), {rtol: 1e-4, atol: 1e-5});
      expect(report[i]!.smallestDeviation).toBeAllclose(expected.smallest, {rtol: 1e-4});
      expect(report[i]!.largestDeviation).toBeAllclose(expected.largest, {rtol: 1e-4});
    }
  });
});

describe('dataDependent', () => {
  it.each<[string, () => tf.layers.Layer, number[], number]>([
    ['dense', () => tf.layers.dense({units: 3, inputShape: [4]}), [32, 4], 1],
    ['conv2d', () => tf.layers.conv2d({filters: 3, kernelSize: 2, inputShape: [5, 5, 2]}), [8, 5, 5, 2], 3],
    [
      'conv3d',
      () => tf.layers.conv3d({filters: 3, kernelSize: 2, inputShape: [3, 3, 3, 1]}),
      [8, 3, 3, 3, 1],
      4,
    ],
    [
      'conv2d with channels first',
      () => tf.layers.conv2d({filters: 3, kernelSize: 2, inputShape: [2, 5, 5], dataFormat: 'channelsFirst'}),
      [8, 2, 5, 5],
      1,
    ],
    [
      'separableConv2d',
      () => tf.layers.separableConv2d({filters: 3, kernelSize: 2, inputShape: [5, 5, 2]}),
      [8, 5, 5, 2],
      3,
    ],
    ['dense on sequences', () => tf.layers.dense({units: 3, inputShape: [6, 2]}), [8, 6, 2], 2],
  ])('brings each unit of %s to mean 0 and variance 1', async (_, layer, shape, unitAxis) => {
    const model = tf.sequential({layers: [layer()]});
    const batch = batchOf(shape);
    await dataDependent(model, batch);
    const output = model.predict(batch) as tf.Tensor;
    const {mean, variance} = tf.moments(
      output,
      output.shape.map((_size, axis) => axis).filter((axis) => axis !== unitAxis),
    );
    expect(mean).toBeAllclose(0, {atol: 1e-4});
    expect(variance).toBeAllclose(1, {rtol: 1e-4});
  });

  it('only scales a layer that has no bias', async () => {
    const model = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [4], useBias: false})]});
    const batch = batchOf([32, 4]);
    await dataDependent(model, batch);
    expect(tf.moments(model.predict(batch) as tf.Tensor, 0).variance).toBeAllclose(1, {rtol: 1e-4});
  });

  it('changes nothing the second time', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({units: 4, inputShape: [4], activation: 'relu'}), tf.layers.dense({units: 2})],
    });
    const batch = batchOf([32, 4]);
    await dataDependent(model, batch, {initializer: heNormal(), seed: 1});
    const [first, ...others] = await dataDependent(model, batch);
    expect(first!.units).toBe(4);
    for (const {smallestDeviation, largestDeviation} of [first!, ...others]) {
      expect([smallestDeviation, largestDeviation]).toBeAllclose(1, {rtol: 1e-4});
    }
  });

  it('draws kernels first where it is told to', async () => {
    const models = [1, 2].map(() => tf.sequential({layers: [tf.layers.dense({units: 4, inputShape: [4]})]}));
    for (const model of models)
      await dataDependent(model, batchOf([32, 4]), {initializer: heNormal(), seed: 5});
    expect(valuesOf(models[0]!)).toEqual(valuesOf(models[1]!));
  });

  it('leaves nothing behind', async () => {
    const model = tf.sequential({layers: [tf.layers.dense({units: 4, inputShape: [4]})]});
    const batch = batchOf([32, 4]);
    await expectNoLeaks(() => dataDependent(model, batch, {initializer: heNormal()}));
  });
});

describe('when dataDependent cannot do it', () => {
  it('as a unit is constant, it puts weights back and leaves nothing behind', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({units: 2, inputShape: [2]}), tf.layers.dense({units: 3, name: 'last'})],
    });
    tf.tidy(() => {
      const [kernel, bias, , lastBias] = model.getWeights();
      model.setWeights([
        kernel!,
        bias!,
        tf.tensor2d([
          [1, 0, 2],
          [1, 0, 1],
        ]),
        lastBias!,
      ]);
    });
    const before = valuesOf(model);
    const batch = batchOf([8, 2]);
    await expectNoLeaks(() =>
      expect(dataDependent(model, batch)).rejects.toThrow(
        "dataDependent: 1 of 3 units of layer 'last' are constant on this batch, or not finite. " +
          'Their inputs are dead, or the batch has too few samples.',
      ),
    );
    expect(valuesOf(model)).toEqual(before);
  });

  it.each([
    ['one sample', tf.ones([1, 2])],
    ['equal samples', tf.fill([7, 2], 0.1)],
    ['what is not finite', tf.fill([8, 2], Number.NaN)],
  ])('as the batch has %s, it refuses', async (_, batch) => {
    const model = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [2], name: 'only'})]});
    await expect(dataDependent(model, batch)).rejects.toThrow("3 of 3 units of layer 'only' are constant");
  });

  it('as it does not know an option, it refuses', async () => {
    const model = tf.sequential({layers: [tf.layers.dense({units: 3, inputShape: [2]})]});
    await expect(dataDependent(model, batchOf([8, 2]), {init: 1} as never)).rejects.toThrow(
      new TypeError("dataDependent: there is no option 'init'. Options: initializer, seed."),
    );
  });
});
