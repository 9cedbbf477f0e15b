import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {useCpu} from '../fixtures/training.js';
import {layersOf} from './layersOf.js';

useCpu();

const {layers} = tf;
const names = (model: tf.LayersModel): string[] => layersOf(model).map(({spec}) => spec.name);

it('a sequential model is a chain, with kinds, activations, parameters and its output', () => {
  const model = tf.sequential({
    layers: [
      layers.dense({units: 2, inputShape: [3], activation: 'tanh', name: 'first'}),
      layers.batchNormalization({name: 'norm'}),
      layers.reLU({name: 'relu'}),
      layers.dense({units: 1, name: 'last'}),
    ],
  });
  expect(layersOf(model).map(({spec}) => spec)).toEqual([
    {name: 'first', kind: 'Dense', activation: 'tanh', inputs: [], parameters: ['first/kernel', 'first/bias'], isOutput: false},
    {name: 'norm', kind: 'BatchNormalization', inputs: ['first'], parameters: ['norm/gamma', 'norm/beta'], isOutput: false},
    {name: 'relu', kind: 'ReLU', activation: 'relu', inputs: ['norm'], parameters: [], isOutput: false},
    {name: 'last', kind: 'Dense', inputs: ['relu'], parameters: ['last/kernel', 'last/bias'], isOutput: true},
  ]); // prettier-ignore
});

it('frozen layers have no parameters', () => {
  const frozen = layers.dense({units: 2, inputShape: [3], name: 'frozen', trainable: false});
  expect(layersOf(tf.sequential({layers: [frozen]}))[0]!.spec.parameters).toEqual([]);
});

it.each<[string, tf.layers.Layer, string | undefined]>([
  ['an LSTM', layers.lstm({units: 2, inputShape: [4, 3]}), 'tanh'],
  ['a GRU', layers.gru({units: 2, inputShape: [4, 3], activation: 'relu'}), 'relu'],
  ['both directions', layers.bidirectional({layer: layers.simpleRNN({units: 2}) as tf.RNN, inputShape: [4, 3], mergeMode: 'concat'}), 'tanh'],
  ['a layer for each time', layers.timeDistributed({layer: layers.dense({units: 2, activation: 'sigmoid'}), inputShape: [4, 3]}), 'sigmoid'],
  ['a convolution', layers.conv2d({filters: 2, kernelSize: 2, inputShape: [4, 4, 1], activation: 'hardSigmoid'}), 'hardSigmoid'],
  ['an activation layer', layers.activation({activation: 'softsign', inputShape: [3]}), 'softsign'],
  ['a leaky one', layers.leakyReLU({inputShape: [3]}), 'leakyRelu'],
  ['a flattening', layers.flatten({inputShape: [3, 2]}), undefined],
])('knows the activation of %s', (_what, layer, activation) => {
  expect(layersOf(tf.sequential({layers: [layer]}))[0]!.spec.activation).toBe(activation);
}); // prettier-ignore

it('branches and joins are told by the inputs', () => {
  const x = tf.input({shape: [3]});
  const stem = layers.dense({units: 3, name: 'stem'}).apply(x) as tf.SymbolicTensor;
  const left = layers.dense({units: 3, name: 'left'}).apply(stem) as tf.SymbolicTensor;
  const sum = layers.add({name: 'sum'}).apply([stem, left, x]) as tf.SymbolicTensor;
  const model = tf.model({inputs: x, outputs: [sum, left]});
  expect(layersOf(model).map(({spec}) => [spec.name, spec.inputs, spec.isOutput])).toEqual([
    ['stem', [], false],
    ['left', ['stem'], true],
    ['sum', ['stem', 'left'], true],
  ]);
});

it('nested models are opened, and named by their path', () => {
  const inner = tf.sequential({
    name: 'inner',
    layers: [layers.dense({units: 2, inputShape: [2], name: 'a'})],
  });
  const middle = tf.sequential({
    name: 'middle',
    layers: [layers.dense({units: 2, inputShape: [3], name: 'b'})],
  });
  middle.add(inner);
  const x = tf.input({shape: [3]});
  const first = layers.dense({units: 3, name: 'first'}).apply(x);
  const y = middle.apply(first) as tf.SymbolicTensor;
  const model = tf.model({
    inputs: x,
    outputs: layers.dense({units: 1, name: 'last'}).apply(y) as tf.SymbolicTensor,
  });
  expect(layersOf(model).map(({spec}) => [spec.name, spec.inputs])).toEqual([
    ['first', []],
    ['middle/b', ['first']],
    ['middle/inner/a', ['middle/b']],
    ['last', ['middle/inner/a']],
  ]);
});

it('a layer that is used twice is one, with the inputs of both', () => {
  const [x, y] = [tf.input({shape: [3]}), tf.input({shape: [3]})];
  const before = layers.dense({units: 3, name: 'before'}).apply(y) as tf.SymbolicTensor;
  const shared = layers.dense({units: 2, name: 'shared'});
  const both = [x, before].map((input) => shared.apply(input) as tf.SymbolicTensor);
  const out = layers.concatenate({name: 'out'}).apply(both) as tf.SymbolicTensor;
  expect(
    layersOf(tf.model({inputs: [x, y], outputs: out})).map(({spec}) => [spec.name, spec.inputs]),
  ).toEqual([
    ['before', []],
    ['shared', ['before']],
    ['out', ['shared']],
  ]);
});

it('only layers between inputs and outputs count', () => {
  const x = tf.input({shape: [3]});
  const a = layers.dense({units: 3, name: 'a'}).apply(x) as tf.SymbolicTensor;
  layers.dense({units: 3, name: 'aside'}).apply(a);
  const b = layers.dense({units: 3, name: 'b'}).apply(a) as tf.SymbolicTensor;
  expect(names(tf.model({inputs: x, outputs: b}))).toEqual(['a', 'b']);
});
