import type {Capture} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {expectNoNewTensors, useCpu} from '../fixtures/training.js';
import {captureFit, createTrainer, type TrainingEvent} from './index.js';

useCpu();

const {layers} = tf;
type Make = (inputShape: number[]) => tf.layers.Layer;

/** tfjs's own names for one layer, and what is a part of a layer or no layer at all. */
const ALIASES = /^(avgPool\dd|avgPooling\dd|averagePooling[23]d|globalMaxPool\dd|maxPool\dd|maxPooling[123]d|inputLayer|input|Layer|RNN|RNNCell|\w+Cells?)$/; // prettier-ignore
const POOLING: Readonly<Record<string, readonly [number[], Make]>> = {
  averagePooling2d: [[4, 4, 2], (inputShape) => layers.averagePooling2d({poolSize: 2, inputShape})],
  averagePooling3d: [
    [4, 4, 4, 1],
    (inputShape) => layers.averagePooling3d({poolSize: 2, inputShape} as never),
  ],
  maxPooling1d: [[4, 2], (inputShape) => layers.maxPooling1d({poolSize: 2, inputShape})],
  maxPooling2d: [[4, 4, 2], (inputShape) => layers.maxPooling2d({poolSize: 2, inputShape})],
  maxPooling3d: [[4, 4, 4, 1], (inputShape) => layers.maxPooling3d({poolSize: 2, inputShape} as never)],
};

/** Layers of one input: its shape, and how they are made. */
const ONE: Readonly<Record<string, readonly [number[], Make]>> = {
  ...POOLING,
  activation: [[3], (inputShape) => layers.activation({activation: 'tanh', inputShape})],
  alphaDropout: [[3], (inputShape) => layers.alphaDropout({rate: 0.2, inputShape} as never)],
  averagePooling1d: [[4, 2], (inputShape) => layers.averagePooling1d({poolSize: 2, inputShape})],
  batchNormalization: [[3], (inputShape) => layers.batchNormalization({inputShape})],
  bidirectional: [[3, 2], (inputShape) => layers.bidirectional({layer: layers.gru({units: 2}) as tf.RNN, mergeMode: 'concat', inputShape} as never)],
  categoryEncoding: [[3], (inputShape) => layers.categoryEncoding({numTokens: 4, outputMode: 'multiHot', inputShape} as never)],
  centerCrop: [[4, 4, 1], (inputShape) => layers.centerCrop({height: 2, width: 2, inputShape} as never)],
  conv1d: [[4, 2], (inputShape) => layers.conv1d({filters: 2, kernelSize: 2, inputShape})],
  conv2d: [[4, 4, 1], (inputShape) => layers.conv2d({filters: 2, kernelSize: 2, inputShape})],
  conv2dTranspose: [[3, 3, 1], (inputShape) => layers.conv2dTranspose({filters: 2, kernelSize: 2, inputShape})],
  conv3d: [[3, 3, 3, 1], (inputShape) => layers.conv3d({filters: 2, kernelSize: 2, inputShape})],
  conv3dTranspose: [[2, 2, 2, 1], (inputShape) => layers.conv3dTranspose({filters: 2, kernelSize: 2, inputShape, trainable: false})],
  convLstm2d: [[2, 4, 4, 1], (inputShape) => layers.convLstm2d({filters: 2, kernelSize: 2, inputShape})],
  cropping2D: [[4, 4, 1], (inputShape) => layers.cropping2D({cropping: 1, inputShape} as never)],
  dense: [[3], (inputShape) => layers.dense({units: 2, inputShape})],
  depthwiseConv2d: [[4, 4, 2], (inputShape) => layers.depthwiseConv2d({kernelSize: 2, inputShape})],
  dropout: [[3], (inputShape) => layers.dropout({rate: 0.2, inputShape})],
  elu: [[3], (inputShape) => layers.elu({inputShape})],
  embedding: [[3], (inputShape) => layers.embedding({inputDim: 4, outputDim: 2, inputShape})],
  flatten: [[3, 2], (inputShape) => layers.flatten({inputShape})],
  gaussianDropout: [[3], (inputShape) => layers.gaussianDropout({rate: 0.2, inputShape} as never)],
  gaussianNoise: [[3], (inputShape) => layers.gaussianNoise({stddev: 0.1, inputShape} as never)],
  globalAveragePooling1d: [[4, 2], (inputShape) => layers.globalAveragePooling1d({inputShape})],
  globalAveragePooling2d: [[4, 4, 2], (inputShape) => layers.globalAveragePooling2d({inputShape} as never)],
  globalMaxPooling1d: [[4, 2], (inputShape) => layers.globalMaxPooling1d({inputShape})],
  globalMaxPooling2d: [[4, 4, 2], (inputShape) => layers.globalMaxPooling2d({inputShape} as never)],
  gru: [[3, 2], (inputShape) => layers.gru({units: 2, inputShape})],
  layerNormalization: [[3], (inputShape) => layers.layerNormalization({inputShape})],
  leakyReLU: [[3], (inputShape) => layers.leakyReLU({inputShape})],
  lstm: [[3, 2], (inputShape) => layers.lstm({units: 2, inputShape})],
  masking: [[3, 2], (inputShape) => layers.masking({maskValue: 0, inputShape})],
  permute: [[3, 2], (inputShape) => layers.permute({dims: [2, 1], inputShape})],
  prelu: [[3], (inputShape) => layers.prelu({inputShape})],
  reLU: [[3], (inputShape) => layers.reLU({inputShape})],
  repeatVector: [[3], (inputShape) => layers.repeatVector({n: 2, inputShape})],
  rescaling: [[3], (inputShape) => layers.rescaling({scale: 2, inputShape} as never)],
  reshape: [[4], (inputShape) => layers.reshape({targetShape: [2, 2], inputShape})],
  rnn: [[3, 2], (inputShape) => layers.rnn({cell: layers.simpleRNNCell({units: 2}), inputShape} as never)],
  separableConv2d: [[4, 4, 2], (inputShape) => layers.separableConv2d({filters: 2, kernelSize: 2, inputShape})],
  simpleRNN: [[3, 2], (inputShape) => layers.simpleRNN({units: 2, inputShape})],
  softmax: [[3], (inputShape) => layers.softmax({inputShape})],
  spatialDropout1d: [[3, 2], (inputShape) => layers.spatialDropout1d({rate: 0.2, inputShape} as never)],
  thresholdedReLU: [[3], (inputShape) => layers.thresholdedReLU({inputShape})],
  timeDistributed: [[3, 2], (inputShape) => layers.timeDistributed({layer: layers.dense({units: 2}), inputShape})],
  upSampling2d: [[2, 2, 1], (inputShape) => layers.upSampling2d({size: [2, 2], inputShape})],
  zeroPadding2d: [[2, 2, 1], (inputShape) => layers.zeroPadding2d({inputShape})],
}; // prettier-ignore
/** Layers that join two inputs of three. */
const TWO: Readonly<Record<string, () => tf.layers.Layer>> = {
  add: () => layers.add(),
  average: () => layers.average(),
  concatenate: () => layers.concatenate(),
  dot: () => layers.dot({axes: 1}),
  maximum: () => layers.maximum(),
  minimum: () => layers.minimum(),
  multiply: () => layers.multiply(),
};
/** tfjs has no gradient of them: what lies below cannot be trained through them, nor a transposed 3D convolution at all. */
const WITHOUT_GRADIENT = new Set([
  'categoryEncoding',
  'centerCrop',
  'conv3dTranspose',
  'masking',
  'thresholdedReLU',
]);

const look: Capture = {
  name: 'look',
  when: () => true,
  activations: 'looked_at',
  activationGradients: 'looked_at',
  measure: ({activations, activationGradients}) => ({
    activation: {values: tf.reshape(activations['looked_at']!, [-1])},
    ...(activationGradients['looked_at'] && {
      gradient: {values: tf.reshape(activationGradients['looked_at'], [-1])},
    }),
  }),
};

function named(layer: tf.layers.Layer): tf.layers.Layer {
  layer.name = 'looked_at';
  return layer;
}

/** The layer between two that are trained, so that its gradient is wanted; what its input means needs no training. */
function modelOf(name: string): tf.LayersModel {
  const join = TWO[name];
  if (join !== undefined) {
    const x = tf.input({shape: [3]});
    const [a, b] = [0, 1].map(() => layers.dense({units: 3}).apply(x) as tf.SymbolicTensor);
    const joined = named(join()).apply([a!, b!]) as tf.SymbolicTensor;
    return tf.model({inputs: x, outputs: layers.dense({units: 1}).apply(joined) as tf.SymbolicTensor});
  }
  const [shape, make] = ONE[name]!;
  const size = shape.reduce((product, n) => product * n, 1);
  const below =
    name === 'embedding' || WITHOUT_GRADIENT.has(name)
      ? [layers.reshape({targetShape: shape, inputShape: [size]})]
      : [layers.dense({units: size, inputShape: [size]}), layers.reshape({targetShape: shape})];
  const x = tf.input({shape: [size]});
  const seen = [...below, named(make(shape))].reduce((y, layer) => layer.apply(y) as tf.SymbolicTensor, x);
  const flat = seen.shape.length > 2 ? (layers.flatten().apply(seen) as tf.SymbolicTensor) : seen;
  return tf.model({inputs: x, outputs: layers.dense({units: 1}).apply(flat) as tf.SymbolicTensor});
}

const inputsOf = (name: string): tf.Tensor => {
  const size = (ONE[name]?.[0] ?? [3]).reduce((product, n) => product * n, 1);
  return name === 'embedding' || name === 'categoryEncoding'
    ? tf.tensor2d(Array.from({length: 2 * size}, (_, i) => i % 4), [2, size])
    : tf.randomUniform([2, size], 0.1, 1, 'float32', 3);
}; // prettier-ignore

/** tfjs itself throws when they are called in a model. */
const BROKEN = new Set(['randomWidth', 'resizing']);

it('knows all layers that tfjs has', () => {
  const all = Object.keys(layers).filter(
    (name) => (!ALIASES.test(name) || name in POOLING) && !BROKEN.has(name),
  );
  expect([...Object.keys(ONE), ...Object.keys(TWO)].toSorted()).toEqual(all.toSorted());
});

it.each([...Object.keys(ONE), ...Object.keys(TWO)])('%s is seen on its way there and back, under trainer and fit', async (name) => {
  const [x, y] = [inputsOf(name), tf.zeros([2, 1])];
  const see = async (model: tf.LayersModel, train: (model: tf.LayersModel, events: TrainingEvent[]) => Promise<unknown>) => {
    const events: TrainingEvent[] = [];
    await train(model, events);
    const seen = events.flatMap((event) => (event.type === 'capture' ? [event.arrays] : []));
    expect(events.filter(({type}) => type === 'captureFailed')).toEqual([]);
    return Object.keys(seen[0]!);
  };
  const trainer = (model: tf.LayersModel, events: TrainingEvent[]): Promise<unknown> => {
    const made = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1), captures: [look]});
    made.events$.subscribe((event) => events.push(event));
    return made.fit({x, y});
  };
  const fit = async (model: tf.LayersModel, events: TrainingEvent[]): Promise<void> => {
    model.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
    const run = (): Promise<unknown> => {
      captureFit(model, [look]).subscribe((event) => events.push(event));
      return model.fit(x, y, {verbose: 0});
    };
    await run();
    await expectNoNewTensors(run);
  };
  const expected = ['activation', ...(WITHOUT_GRADIENT.has(name) ? [] : ['gradient'])];
  expect(await see(modelOf(name), trainer)).toEqual(expected);
  expect(await see(modelOf(name), fit)).toEqual(expected);
}); // prettier-ignore
