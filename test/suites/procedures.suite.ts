import * as procedures from '@gradwire/procedures';
import {expectNoLeaks} from '@gradwire/testing';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {sameTraining} from './support/tolerance.js';
import {weightsOf} from './support/values.js';

const {freeze, gradualUnfreezing, pretrainAuxiliary, pretrainLayerwise, replaceTop, reuseLayers} = procedures;
const {trainFromCache, trainLayerwise} = procedures;

const glorot = (seed: number) => tf.initializers.glorotUniform({seed});
const layer = (name: string, units: number, seed: number) =>
  tf.layers.dense({units, activation: 'tanh', name, kernelInitializer: glorot(seed)});
const body = () =>
  tf.sequential({
    layers: [tf.layers.inputLayer({inputShape: [6]}), layer('a', 8, 1), layer('b', 5, 2), layer('c', 3, 3)],
  });
const head = () => tf.layers.dense({units: 1, name: 'head', kernelInitializer: glorot(4)});
const lastHead = () => tf.layers.dense({units: 1, kernelInitializer: glorot(5)});
const whole = () => replaceTop(body(), {drop: 0, layers: [head()]});

const x = () => tf.sin(tf.reshape(tf.range(0, 192), [32, 6]));
const samples = () => ({x: x(), y: tf.cos(tf.reshape(tf.range(0, 32), [32, 1]))});
const loss = 'meanSquaredError';
const training = {loss, optimizer: () => tf.train.adam(0.01), batchSize: 8};

const values = async (model: tf.LayersModel, layers: RegExp): Promise<number[][]> =>
  Promise.all(
    model.weights
      .filter(({originalName}) => layers.test(originalName))
      .map(async (weight) => [...(await weight.read().data())]),
  );

describe('frozen is frozen to the last bit:', () => {
  it('in a stage of trainLayerwise', async () => {
    const model = body();
    const [frozen, trained] = [await values(model, /^[ab]/), await values(model, /^c/)];
    const stages = [{depth: 3, frozen: 2}];
    await trainLayerwise({...training, model, data: samples(), head, stages});
    expect(await values(model, /^[ab]/)).toEqual(frozen);
    expect(await values(model, /^c/)).not.toEqual(trained);
  });

  it.each([freeze({select: 'a/**'}), gradualUnfreezing({groups: ['{b,c,head}/**', '**'], every: 9})])(
    'by $name',
    async (transform) => {
      const model = whole();
      const [frozen, trained] = [await values(model, /^a/), await values(model, /^[bch]/)];
      const trainer = createTrainer({loss, model, optimizer: tf.train.adam(0.01), transforms: [transform]});
      await trainer.fit(samples(), {batchSize: 8});
      expect(await values(model, /^a/)).toEqual(frozen);
      expect(await values(model, /^[bch]/)).not.toEqual(trained);
      trainer.dispose();
    },
  );
});

it('training from the cache ends where training the whole model does', async () => {
  const [cached, all] = [whole(), whole()];
  const {speed} = await trainFromCache({...training, model: cached, from: 'c', data: samples(), epochs: 2});
  const lower = all.layers.filter(({name}) => /^[ab]$/.test(name));
  for (const dense of lower) dense.trainable = false;
  const trainer = createTrainer({loss, model: all, optimizer: tf.train.adam(0.01)});
  await trainer.fit(samples(), {epochs: 2, batchSize: 8});
  // tfjs lists weights that are not trainable behind the others.
  for (const dense of lower) dense.trainable = true;
  expect(await weightsOf(cached)).toBeAllclose(await weightsOf(all), sameTraining());
  expect(speed?.factor).toBeGreaterThan(0);
});

it('pre-training lowers the loss of every stage', async () => {
  const layerwise = await pretrainLayerwise({...training, model: body(), x: x(), epochs: 20});
  const auxiliary = await pretrainAuxiliary({
    ...training,
    loss: 'binaryCrossentropy',
    model: body(),
    x: x(),
    epochs: 20,
  });
  for (const {name, history} of [...layerwise.stages, ...auxiliary.stages]) {
    expect(history['loss']!.at(-1), name).toBeLessThan(history['loss']![0]!);
  }
});

it('reused layers compute what they did', async () => {
  const [source, target] = [body(), body()];
  for (const weight of source.weights)
    weight.write(tf.sin(tf.add(tf.ones(weight.shape as number[]), weight.read())));
  reuseLayers(target, source);
  const [theirs, ours] = [source, target].map((model) => model.predict(x()) as tf.Tensor);
  expect([...(await ours!.data())]).toEqual([...(await theirs!.data())]);
});

describe('leaves nothing behind:', () => {
  type Run = (data: ReturnType<typeof samples>, model: tf.LayersModel) => Promise<unknown>;
  it.each<[name: string, run: Run]>([
    ['pretrainLayerwise', (data, model) => pretrainLayerwise({...training, model, x: data.x})],
    [
      'pretrainAuxiliary',
      (data, model) => pretrainAuxiliary({...training, loss: 'binaryCrossentropy', model, x: data.x}),
    ],
    ['trainFromCache', (data, model) => trainFromCache({...training, model, from: 'head', data})],
    [
      'trainLayerwise, but the last head',
      async (data, model) => {
        const grown = await trainLayerwise({...training, model, head: lastHead, data});
        grown.model.layers.at(-1)!.dispose();
      },
    ],
  ])('%s', async (_, run) => {
    const [data, model] = [samples(), whole()];
    await expectNoLeaks(() => run(data, model));
  });
});
