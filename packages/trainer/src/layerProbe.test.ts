import type {Capture, CaptureContext, NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {lastValueFrom} from 'rxjs';
import {describe, expect, it} from 'vitest';
import {expectNoNewTensors, useCpu} from '../fixtures/training.js';
import {captureFit, createTrainer, type TrainingEvent} from './index.js';
import {layersOf} from './layersOf.js';

useCpu();

const {layers} = tf;
type Shape = readonly number[];

/** Models of every kind of layer: what goes in, and how it is built. Kernels are seeded, so that each is the same twice. */
const kernels = (seed: number) =>
  ({kernelInitializer: tf.initializers.glorotNormal({seed}), recurrentInitializer: tf.initializers.glorotNormal({seed: seed + 50})}) as const; // prettier-ignore
const chain = (...list: tf.layers.Layer[]): tf.LayersModel => tf.sequential({layers: list});
const dense = (units: number, more: object = {}) => layers.dense({units, ...kernels(units), ...more});
const MODELS: Readonly<Record<string, readonly [shape: Shape, make: () => tf.LayersModel]>> = {
  dense: [[6], () => chain(dense(5, {inputShape: [6], activation: 'tanh'}), dense(4, {activation: 'relu'}), dense(1))],
  convolutions: [
    [8, 8, 2],
    () =>
      chain(
        layers.conv2d({filters: 3, kernelSize: 3, inputShape: [8, 8, 2], activation: 'relu', ...kernels(1)}),
        layers.maxPooling2d({poolSize: 2}),
        layers.separableConv2d({filters: 2, kernelSize: 2, depthwiseInitializer: kernels(2).kernelInitializer, pointwiseInitializer: kernels(3).kernelInitializer}),
        layers.flatten(),
        dense(1),
      ),
  ],
  'in one dimension': [
    [6, 2],
    () => chain(layers.conv1d({filters: 3, kernelSize: 2, inputShape: [6, 2], ...kernels(1)}), layers.globalAveragePooling1d(), dense(1)),
  ],
  recurrent: [
    [5, 3],
    () =>
      chain(
        layers.lstm({units: 4, returnSequences: true, inputShape: [5, 3], ...kernels(1)}),
        layers.gru({units: 3, returnSequences: true, ...kernels(2)}),
        layers.bidirectional({layer: layers.simpleRNN({units: 2, ...kernels(3)}) as tf.RNN, mergeMode: 'concat'}),
        dense(1),
      ),
  ],
  'normalisation and activations': [
    [6],
    () =>
      chain(
        dense(8, {inputShape: [6]}),
        layers.batchNormalization(),
        layers.leakyReLU({alpha: 0.1}),
        layers.layerNormalization(),
        layers.activation({activation: 'sigmoid'}),
        layers.dropout({rate: 0.25, seed: 3}),
        layers.elu(),
        dense(1),
      ),
  ],
  'time distributed': [[4, 3], () => chain(layers.timeDistributed({layer: dense(2), inputShape: [4, 3]}), layers.flatten(), dense(1))],
  nested: [
    [6],
    () => {
      const inner = chain(dense(5, {inputShape: [6], activation: 'relu'}), dense(4));
      const x = tf.input({shape: [6]});
      return tf.model({inputs: x, outputs: dense(1).apply(inner.apply(x)) as tf.SymbolicTensor});
    },
  ],
  branches: [
    [6],
    () => {
      const x = tf.input({shape: [6]});
      const [left, right] = [dense(4, {activation: 'tanh'}), dense(4, {activation: 'relu'})].map(
        (layer) => layer.apply(x) as tf.SymbolicTensor,
      );
      const sum = layers.add().apply([left!, right!]) as tf.SymbolicTensor;
      const both = layers.concatenate().apply([sum, left!]) as tf.SymbolicTensor;
      return tf.model({inputs: x, outputs: dense(1).apply(both) as tf.SymbolicTensor});
    },
  ],
  'one layer used twice': [
    [4],
    () => {
      const x = tf.input({shape: [4]});
      const shared = dense(4, {activation: 'tanh'});
      const twice = shared.apply(shared.apply(x)) as tf.SymbolicTensor;
      return tf.model({inputs: x, outputs: dense(1).apply(twice) as tf.SymbolicTensor});
    },
  ],
}; // prettier-ignore

const cases = Object.entries(MODELS).map(([name, [shape, make]]) => [name, shape, make] as const);
const data = (shape: Shape) => ({
  x: tf.randomUniform([4, ...shape], -1, 1, 'float32', 5),
  y: tf.randomUniform([4, 1], -1, 1, 'float32', 6),
});

/** Everything that there is, as full copies. */
const everything: Capture = {
  name: 'everything',
  when: () => true,
  activations: '**',
  activationGradients: '**',
  measure: ({activations, activationGradients, rawGradients, weightsAfter}: CaptureContext) => {
    const copies = (of: string, tensors: NamedTensors) =>
      Object.entries(tensors).map(
        ([name, values]) => [`${of} ${name}`, {values: tf.reshape(values, [-1])}] as const,
      );
    return Object.fromEntries([
      ...copies('activation', activations),
      ...copies('gradient of', activationGradients),
      ...copies('gradient', rawGradients),
      ...copies('weight', weightsAfter),
    ]);
  },
};

async function underTrainer(make: () => tf.LayersModel, shape: Shape): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const [model, {x, y}] = [make(), data(shape)];
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.momentum(0.1, 0.9),
    captures: [everything],
  });
  trainer.events$.subscribe((event) => events.push(event));
  await trainer.fit({x, y}, {epochs: 2, batchSize: 2, shuffle: false});
  trainer.dispose();
  return events;
}

async function underFit(make: () => tf.LayersModel, shape: Shape): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const [model, {x, y}] = [make(), data(shape)];
  model.compile({loss: 'meanSquaredError', optimizer: tf.train.momentum(0.1, 0.9)});
  const events$ = captureFit(model, [everything]);
  events$.subscribe((event) => events.push(event));
  const end = lastValueFrom(events$);
  await model.fit(x, y, {epochs: 2, batchSize: 2, shuffle: false, verbose: 0});
  await end;
  return events;
}

const arraysOf = (events: readonly TrainingEvent[]) =>
  events.flatMap((event) => (event.type === 'capture' ? [[event.step, Object.values(event.arrays)]] : []));

describe('activations and their gradients', () => {
  it.each(cases)(
    'of %s: those of every layer, under the trainer and under model.fit alike',
    async (_name, shape, make) => {
      const trained = await underTrainer(make, shape);
      const {arrays} = trained.find((event) => event.type === 'capture')!;
      const expected = layersOf(make()).map(({spec}) => withoutCount(spec.name));
      const seen = (of: string): string[] =>
        Object.keys(arrays)
          .filter((key) => key.startsWith(of) && !key.includes('#'))
          .map((key) => withoutCount(key.slice(of.length)));
      expect(seen('activation ')).toEqual(expected);
      expect(seen('gradient of ')).toEqual(expected);
      expect(arraysOf(await underFit(make, shape))).toEqual(arraysOf(trained));
    },
  );

  it.each(cases)('of %s: watched or not, the weights are the same', async (_name, shape, make) => {
    const weightsAfter = async (captures: readonly Capture[]): Promise<Float32Array[]> => {
      const [model, {x, y}] = [make(), data(shape)];
      const trainer = createTrainer({
        model,
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.1),
        captures,
      });
      await trainer.fit({x, y}, {epochs: 2, batchSize: 2});
      return model.getWeights().map((weight) => weight.dataSync() as Float32Array);
    };
    expect(await weightsAfter([everything])).toEqual(await weightsAfter([]));
  });

  it('are what the rest of the network makes of them', async () => {
    const model = chain(
      dense(5, {inputShape: [6], activation: 'relu', name: 'one'}),
      dense(1, {name: 'two'}),
    );
    const {x, y} = data([6]);
    const [one, two] = model.layers as [tf.layers.Layer, tf.layers.Layer];
    const activation = one.apply(x) as tf.Tensor;
    const gradient = tf.grad((a) => tf.losses.meanSquaredError(y, two.apply(a) as tf.Tensor))(activation);
    const expected = [activation, gradient].map((tensor) => tensor.dataSync());
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.1),
      captures: [everything],
    });
    const events: TrainingEvent[] = [];
    trainer.events$.subscribe((event) => events.push(event));
    await trainer.fit({x, y}, {shuffle: false});
    const {arrays} = events.find((event) => event.type === 'capture')!;
    [arrays['activation one'], arrays['gradient of one']].forEach((found, i) => {
      expected[i]!.forEach((value, at) => expect(found!['values']![at]).toBeCloseTo(value, 6));
    });
  });

  it('of a layer that is called twice are numbered', async () => {
    const [shape, make] = MODELS['one layer used twice']!;
    const events = await underTrainer(make, shape);
    const {arrays} = events.find((event) => event.type === 'capture')!;
    const numbered = Object.keys(arrays).filter((key) => key.includes('#'));
    expect(numbered.map((key) => key.replace(/dense_\w+/, 'dense'))).toEqual([
      'activation dense#2',
      'gradient of dense#2',
    ]);
  });

  it('of a layer with several outputs are numbered by these, though tfjs calls it for each of them', async () => {
    const make = (): tf.LayersModel => {
      const x = tf.input({shape: [3, 2]});
      const outputs = layers
        .lstm({units: 2, returnState: true, name: 'lstm'})
        .apply(x) as tf.SymbolicTensor[];
      const joined = layers.concatenate().apply(outputs) as tf.SymbolicTensor;
      return tf.model({inputs: x, outputs: dense(1).apply(joined) as tf.SymbolicTensor});
    };
    const events = await underTrainer(make, [3, 2]);
    const {arrays} = events.find((event) => event.type === 'capture')!;
    const those = Object.keys(arrays).filter((key) => /^(activation|gradient of) lstm/.test(key));
    const names = ['lstm', 'lstm:1', 'lstm:2'];
    expect(those).toEqual(
      ['activation', 'gradient of'].flatMap((of) => names.map((name) => `${of} ${name}`)),
    );
  });

  it('are missing where no gradient flows: below all that is trained', async () => {
    const frozen = dense(5, {inputShape: [6], name: 'frozen', trainable: false});
    const events = await underTrainer(() => chain(frozen, dense(1, {name: 'trained'})), [6]);
    const {arrays} = events.find((event) => event.type === 'capture')!;
    const those = Object.keys(arrays).filter((key) => /^(activation|gradient of)/.test(key));
    expect(those).toEqual(['activation frozen', 'activation trained', 'gradient of trained']);
  });

  it.each(cases)('of %s: nothing stays behind, neither tensors nor patches', async (_name, shape, make) => {
    const [model, {x, y}] = [make(), data(shape)];
    model.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
    const patched = (): unknown[] =>
      [model, model.optimizer, ...layersOf(model).map(({layer}) => layer)].map((target) =>
        ['call', 'fit', 'fitDataset', 'computeGradients', 'applyGradients'].filter((key) =>
          Object.hasOwn(target, key),
        ),
      );
    const fit = (): Promise<unknown> => {
      captureFit(model, [everything]).subscribe();
      return model.fit(x, y, {epochs: 2, batchSize: 2, verbose: 0});
    };
    await fit();
    await expectNoNewTensors(fit);
    expect(patched().flat()).toEqual([]);
  });

  it('are asked of layers that there are', async () => {
    const typo: Capture = {...everything, activations: 'dnese_1'};
    const trainer = (model: Parameters<typeof createTrainer>[0]['model'], variables: tf.Variable[] = []) =>
      createTrainer({
        model,
        variables,
        loss: (yTrue, yPred) => tf.losses.meanSquaredError(yTrue, yPred),
        optimizer: tf.train.sgd(0.1),
        captures: [typo],
      });
    const {x, y} = data([6]);
    const model = chain(dense(5, {inputShape: [6], name: 'first'}), dense(1, {name: 'dense_1'}));
    await expect(trainer(model).fit({x, y})).rejects.toThrow(
      "capture 'everything': the selector dnese_1 matches no layer. Nearest of 2: dense_1, first.",
    );
    const w = tf.variable(tf.ones([6, 1]), true, 'w');
    await expect(
      trainer((input) => tf.matMul(input as tf.Tensor2D, w as tf.Tensor2D), [w]).fit({x, y}),
    ).rejects.toThrow("capture 'everything': it looks at layers, and a model that is a function has none.");
  });
});

function withoutCount(name: string): string {
  return name.replace(/\d+(?=\/|$)/g, '');
}
