import {expectNoLeaks, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {expected, fixture} from '../fixtures/files.js';
import {body, changed, useCpu, wave, weightsOf} from '../fixtures/training.js';
import {readNpz, readSafetensors, reuseLayers, type ReuseOptions} from './index.js';

expect.extend({toBeAllclose});
useCpu();

const dense = (units: number, name?: string, inputs?: number) =>
  tf.layers.dense({units, ...(name ? {name} : {}), ...(inputs ? {inputShape: [inputs]} : {})});
const sequential = (...layers: tf.layers.Layer[]) => tf.sequential({layers});

describe('reuseLayers by name', () => {
  it('copies the layers that both have, and leaves the others', () => {
    const source = body([4, 4, 4]);
    const target = sequential(dense(4, 'a', 3), dense(4, 'b'), dense(2, 'top'));
    const before = weightsOf(target);
    const {copied, left, unused} = reuseLayers(target, source);
    expect(changed(before, weightsOf(target))).toEqual(['a/kernel', 'a/bias', 'b/kernel', 'b/bias']);
    expect(copied).toEqual({
      'a/bias': 'a/bias',
      'a/kernel': 'a/kernel',
      'b/bias': 'b/bias',
      'b/kernel': 'b/kernel',
    });
    expect([left, unused]).toEqual([
      ['top/kernel', 'top/bias'],
      ['c/kernel', 'c/bias'],
    ]);
    expect(weightsOf(target)['b/kernel']).toEqual(weightsOf(source)['b/kernel']);
  });

  it('copies values: training one model does not touch the other', () => {
    const [source, target] = [body([2]), body([2])];
    reuseLayers(target, source);
    target.weights[0]!.write(tf.zeros([3, 2]));
    expect(weightsOf(source)).toEqual(weightsOf(body([2])));
  });

  it('sees through the counters of layers that tfjs has named', () => {
    const make = () =>
      sequential(...Array.from({length: 11}, (_, i) => dense(2, undefined, i === 0 ? 2 : undefined)));
    const [source, target] = [make(), make()];
    source.weights.forEach((weight, i) => weight.write(tf.mul(wave(weight.shape as number[], i), 0.5)));
    expect(reuseLayers(target, source).left).toEqual([]);
    const x = wave([3, 2]);
    const outputs = [source, target].map((model) => [...(model.predict(x) as tf.Tensor).dataSync()]);
    expect(outputs[1]).toEqual(outputs[0]);
  });

  it('does not guess when there are not equally many of these', () => {
    const source = sequential(dense(2, undefined, 2), dense(2));
    const target = sequential(dense(2, undefined, 2), dense(2), dense(2));
    expect(() => reuseLayers(target, source)).toThrow(
      /^reuseLayers: no weight of the target \(dense_Dense\d+\/kernel, .*\) has the name of one of the source \(.*\); say with map which goes where\.$/,
    );
  });

  it('finds named layers by their names, not by their order', () => {
    const [one, two] = [dense(2, 'h1', 2), dense(2, 'h2')];
    const source = sequential(dense(2, 'h2', 2), dense(2, 'h3'));
    const {copied} = reuseLayers(sequential(one, two), source);
    expect(Object.keys(copied)).toEqual(['h2/bias', 'h2/kernel']);
  });

  it('takes arrays under the names that variables have in a second instance', () => {
    const target = sequential(dense(1, 'score', 2));
    const arrays = {'score/kernel_7': {shape: [2, 1], data: [1, 2]}, 'score/bias_7': {shape: [1], data: [3]}};
    expect(reuseLayers(target, arrays).left).toEqual([]);
    expect(weightsOf(target)).toEqual({'score/kernel': [1, 2], 'score/bias': [3]});
  });

  it('copies only what is selected', () => {
    const target = body([4, 4]);
    expect(Object.keys(reuseLayers(target, body([4, 4]), {select: 'b/**'}).copied)).toEqual([
      'b/bias',
      'b/kernel',
    ]);
  });

  it('copies moving averages', () => {
    const norm = () => sequential(tf.layers.batchNormalization({name: 'norm', inputShape: [2]}));
    const [source, target] = [norm(), norm()];
    source.weights[2]!.write(tf.tensor1d([5, 6]));
    reuseLayers(target, source);
    expect(weightsOf(target)['norm/moving_mean']).toEqual([5, 6]);
  });
});

describe("reuseLayers with another framework's weights", () => {
  /** As the PyTorch model in fixtures/generate.py. */
  const network = () =>
    sequential(
      tf.layers.conv2d({
        filters: 3,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [6, 6, 2],
        name: 'features',
      }),
      tf.layers.globalAveragePooling2d({dataFormat: 'channelsLast'}),
      tf.layers.batchNormalization({epsilon: 1e-5, name: 'scale'}),
      tf.layers.dense({units: 5, activation: 'tanh', name: 'mix'}),
      dense(2, 'scores'),
    );
  const map: NonNullable<ReuseOptions['map']> = {
    'features/kernel': {from: 'conv.weight', transpose: [2, 3, 1, 0]},
    'features/bias': 'conv.bias',
    'scale/gamma': 'norm.weight',
    'scale/beta': 'norm.bias',
    'scale/moving_mean': 'norm.running_mean',
    'scale/moving_variance': 'norm.running_var',
    'mix/kernel': {from: 'hidden.weight', transpose: [1, 0]},
    'mix/bias': 'hidden.bias',
    'scores/kernel': {from: 'out.weight', transpose: [1, 0]},
    'scores/bias': 'out.bias',
  };

  it.each([
    ['network.npz', readNpz],
    ['networkCompressed.npz', readNpz],
    ['network.safetensors', readSafetensors],
  ])('gives what PyTorch gives: %s', (file, read) => {
    const model = network();
    const {left, unused} = reuseLayers(model, read(fixture(file)), {map});
    expect([left, unused]).toEqual([[], ['norm.num_batches_tracked']]);
    const outputs = model.predict(tf.tensor4d([...expected.images], [4, 6, 6, 2])) as tf.Tensor;
    expect([...outputs.dataSync()]).toBeAllclose([...expected.outputs], {rtol: 1e-5, atol: 1e-6});
  });

  it('leaks nothing', async () => {
    const model = network();
    const arrays = readNpz(fixture('network.npz'));
    await expectNoLeaks(() => reuseLayers(model, arrays, {map}));
  });
});

describe('reuseLayers copies nothing and rejects', () => {
  const bias = {shape: [4], data: new Float32Array(4)};
  it.each<[what: string, source: unknown, options: unknown, message: string]>([
    ['no source', null, {}, 'reuseLayers: source must be a tf.LayersModel or arrays by name, got null.'],
    [
      'what is no array',
      {'a/bias': 3},
      {},
      "reuseLayers: source 'a/bias' must be an array {shape, data}, got the number 3.",
    ],
    [
      'data that do not fill the shape',
      {'a/bias': {shape: [4], data: [1]}},
      {},
      "reuseLayers: source 'a/bias' of shape [4] must have 4 values, it has 1.",
    ],
    [
      'shapes that differ',
      {'a/bias': bias, 'b/kernel': {shape: [4], data: new Float32Array(4)}},
      {},
      "reuseLayers: 'b/kernel' has shape [4, 4], 'b/kernel' has [4]. Nothing was copied.",
    ],
    [
      'shapes that differ after transposing',
      {w: {shape: [3, 4], data: new Float32Array(12)}},
      {map: {'a/kernel': {from: 'w', transpose: [1, 0]}}},
      "reuseLayers: 'a/kernel' has shape [3, 4], 'w' has [3, 4], transposed [4, 3]. Nothing was copied.",
    ],
    [
      'an order of axes that is none',
      {w: {shape: [3, 4], data: new Float32Array(12)}},
      {map: {'a/kernel': {from: 'w', transpose: [0, 0]}}},
      "reuseLayers: transpose of 'a/kernel' must be an order of the 2 axes of 'w', got [0,0].",
    ],
    [
      'unknown targets',
      {bias},
      {map: {'a/bais': 'bias'}},
      'reuseLayers: map: the selector a/bais matches no parameter. Nearest of 4: a/bias,',
    ],
    [
      'unknown sources',
      {bias},
      {map: {'a/bias': 'bais'}},
      'reuseLayers: map: the selector bais matches no parameter. Nearest of 1: bias.',
    ],
    [
      'a target that is not selected',
      {bias},
      {select: 'b/**', map: {'a/bias': 'bias'}},
      "reuseLayers: map names 'a/bias', which select leaves out.",
    ],
    [
      'a selector that matches nothing',
      {bias},
      {select: 'q'},
      'reuseLayers: the selector q matches no parameter.',
    ],
    [
      'a map that is none',
      {bias},
      {map: []},
      "reuseLayers: map must be an object, e.g. {'score/kernel': 'fc.weight'}, got a list of 0.",
    ],
    [
      'unknown options',
      {bias},
      {names: {}},
      "reuseLayers: there is no option 'names'. Options: select, map.",
    ],
    [
      'nothing in common',
      {bias},
      {},
      'reuseLayers: no weight of the target (a/kernel, a/bias, b/kernel, b/bias) has the name of one of the source (bias); say with map which goes where.',
    ],
  ])('%s', (_, source, options, message) => {
    const target = body([4, 4]);
    const before = weightsOf(target);
    expect(() => reuseLayers(target, source as never, options as ReuseOptions)).toThrow(message);
    expect(changed(before, weightsOf(target))).toEqual([]);
  });

  it('a target that is no model', () => {
    expect(() => reuseLayers({} as never, {bias})).toThrow(
      'reuseLayers: target must be a tf.LayersModel, got a plain object.',
    );
  });
});
