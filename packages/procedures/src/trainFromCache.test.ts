import type {GradientTransform} from '@gradwire/core';
import {expectNoLeaks} from '@gradwire/testing';
import {createTrainer, defineRemedy, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {
  body,
  changed,
  noisy,
  normalizedBody,
  recorder,
  samples,
  trainableOf,
  training,
  useCpu,
  wave,
  weightsOf,
  withWeights,
} from '../fixtures/training.js';
import {type CacheOptions, trainFromCache} from './index.js';
import {withFrozen} from './withFrozen.js';

useCpu();

const setUp = (more: Partial<CacheOptions> = {}): CacheOptions => ({
  ...training,
  model: body([4, 3, 1]),
  from: 'c',
  data: samples(22),
  measure: false,
  ...more,
});

describe('trainFromCache', () => {
  it.each<[what: string, parts: Partial<CacheOptions>]>([
    ['plainly', {}],
    ['with noise on the gradients', {transforms: [noisy()], seed: 5}],
    ['with validation data', {validationSplit: 0.3, metrics: ['mae']}],
    ['with the speed measured', {measure: true}],
    ['with two layers on top', {from: 'b'}],
  ])('ends at the weights of the whole model with frozen lower layers, bit by bit: %s', async (_, parts) => {
    const options = setUp({epochs: 3, ...parts});
    const {stages} = await trainFromCache(options);

    const {measure: _m, from, data, optimizer: _o, epochs, batchSize, validationSplit, ...rest} = options;
    const whole = body([4, 3, 1]);
    const trainer = createTrainer({...rest, model: whole, optimizer: training.optimizer()});
    const lower = whole.layers.filter(({name}) => name < from);
    const {history} = await withFrozen(lower, () =>
      trainer.fit(data, {
        epochs: epochs!,
        batchSize: batchSize!,
        ...(validationSplit ? {validationSplit} : {}),
      }),
    );
    expect(weightsOf(options.model)).toEqual(weightsOf(whole));
    expect(stages[0]!.history).toEqual(history);
  });

  it('does so with dropout and batch normalisation above the cut', async () => {
    const make = () =>
      withWeights(
        tf.sequential({
          layers: [
            tf.layers.dense({units: 6, inputShape: [3], name: 'low'}),
            tf.layers.dropout({rate: 0.4, name: 'drop'}),
            tf.layers.batchNormalization({name: 'norm'}),
            tf.layers.dense({units: 1, name: 'out'}),
          ],
        }),
      );
    const options = setUp({model: make(), from: 'drop', epochs: 3});
    await trainFromCache(options);
    const whole = make();
    const trainer = createTrainer({model: whole, loss: training.loss, optimizer: training.optimizer()});
    await withFrozen([whole.layers[0]!], () => trainer.fit(options.data, {epochs: 3, batchSize: 4}));
    expect(weightsOf(options.model)).toEqual(weightsOf(whole));
  });

  it('leaves the lower layers as they are, and trains all above', async () => {
    const options = setUp({from: 'b'});
    const before = [weightsOf(options.model), trainableOf(options.model)] as const;
    await trainFromCache(options);
    expect(changed(before[0], weightsOf(options.model))).toEqual([
      'b/kernel',
      'b/bias',
      'c/kernel',
      'c/bias',
    ]);
    expect(trainableOf(options.model)).toEqual(before[1]);
  });

  it('measures the speed-up without a trace in weights, and tells it as an event', async () => {
    const {consumer, events} = recorder();
    const {speed} = await trainFromCache(setUp({measure: true, consumers: [consumer], epochs: 2}));
    expect(speed).toEqual({
      epochFromCache: expect.any(Number),
      epochThroughAll: expect.any(Number),
      filling: expect.any(Number),
      factor: expect.any(Number),
    });
    expect(speed!.factor).toBeCloseTo(speed!.epochThroughAll / speed!.epochFromCache, 9);
    const alerts = events.filter((event) => event.type === 'alert');
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({rule: 'cachedLowerLayers', severity: 'info'});
    expect(alerts[0]!.message).toMatch(
      /^An epoch takes [\d.e+]+ m?s from the cache, [\d.e+]+ m?s through all layers: [\d.]+ times as fast\. Filling the cache took [\d.e+]+ m?s\.$/,
    );
    expect(events.filter(({type}) => type === 'step')).toHaveLength(12);
  });

  it('measures unwatched: consumers and captures, those of remedies too, see the training only', async () => {
    const {consumer, events} = recorder();
    let subscribed = 0;
    const counting: NonNullable<CacheOptions['consumers']>[number] = (events$, services) => {
      subscribed++;
      return consumer(events$, services);
    };
    const remedy = defineRemedy({name: 'watcher', transforms: [noisy()], consumers: [counting]});
    await trainFromCache(setUp({measure: true, consumers: [counting], remedies: [() => remedy]}));
    expect(subscribed).toBe(2);
    expect(events.filter(({type}) => type === 'runBegin')).toHaveLength(2);
  });

  it('caches the validation data, too', async () => {
    const options = setUp({validationData: samples(8), metrics: ['mae']});
    const {stages} = await trainFromCache(options);
    const trainer = createTrainer({model: options.model, loss: training.loss, optimizer: tf.train.sgd(1)});
    const {loss} = await trainer.evaluate(samples(8), {batchSize: 4});
    expect(stages[0]!.history['val_loss']).toEqual([loss]);
  });

  it('tells how far the cache is', async () => {
    const told: [number, number][] = [];
    await trainFromCache(setUp({batchSize: 10, onCache: (done, of) => void told.push([done, of])}));
    expect(told).toEqual([
      [10, 22],
      [20, 22],
      [22, 22],
    ]);
  });

  it('takes models with several inputs and branches, if all paths pass the cut', async () => {
    const [p, q] = ['p', 'q'].map((name) => tf.input({shape: [2], name}));
    const joined = tf.layers.concatenate({name: 'joined'}).apply([p!, q!]) as tf.SymbolicTensor;
    const one = tf.layers.dense({units: 3, name: 'one'}).apply(joined) as tf.SymbolicTensor;
    const two = tf.layers.dense({units: 3, name: 'two'}).apply(one) as tf.SymbolicTensor;
    const three = tf.layers.dense({units: 3, name: 'three'}).apply(two) as tf.SymbolicTensor;
    const sum = tf.layers.add({name: 'sum'}).apply([one, three]) as tf.SymbolicTensor;
    const out = tf.layers.dense({units: 1, name: 'out'}).apply(sum) as tf.SymbolicTensor;
    const model = tf.model({inputs: [p!, q!], outputs: out});
    const data = {x: {q: wave([8, 2], 1), p: wave([8, 2], 2)}, y: wave([8, 1])};
    const before = weightsOf(model);
    await trainFromCache(setUp({model, from: 'two', data}));
    expect(changed(before, weightsOf(model)).filter((name) => name.startsWith('one'))).toEqual([]);
    await expect(trainFromCache(setUp({model, from: 'three', data}))).rejects.toThrow(
      "trainFromCache: the upper layers get 'p' past 'two'; all paths must pass through it.",
    );
  });
});

describe('trainFromCache ends early', () => {
  it('at the next step when the signal is aborted', async () => {
    const controller = new AbortController();
    const options = setUp({
      epochs: 9,
      signal: controller.signal,
      consumers: [(events$) => events$.pipe(ofType('epochEnd')).subscribe(() => controller.abort())],
    });
    const {stages, reason} = await trainFromCache(options);
    expect([stages[0]!.epoch, reason]).toEqual([[0], 'stopped']);
  });

  it('while the cache is filled', async () => {
    const controller = new AbortController();
    const options = setUp({signal: controller.signal, onCache: () => controller.abort()});
    const before = weightsOf(options.model);
    await expectNoLeaks(async () => {
      expect(await trainFromCache(options)).toEqual({stages: [], reason: 'stopped'});
    });
    expect(changed(before, weightsOf(options.model))).toEqual([]);
  });

  it('while the speed is measured, with the weights as they were', async () => {
    const controller = new AbortController();
    const options = setUp({measure: true, signal: controller.signal});
    const before = weightsOf(options.model);
    let runs = 0;
    const transform: GradientTransform = {
      ...noisy(),
      init: () => {
        if (++runs === 1) controller.abort();
        return undefined;
      },
    };
    const {stages, reason} = await trainFromCache({...options, transforms: [transform]});
    expect([stages, reason]).toEqual([[], 'stopped']);
    expect(changed(before, weightsOf(options.model))).toEqual([]);
  });
});

describe('trainFromCache leaves nothing behind', () => {
  it('after a training', async () => {
    const options = setUp({measure: true, validationData: samples(8)});
    await expectNoLeaks(() => trainFromCache(options));
  });

  it('when something throws', async () => {
    const options = setUp({
      transforms: [
        {
          name: 'boom',
          init: () => undefined,
          update: () => {
            throw new Error('boom');
          },
        },
      ],
    });
    await expectNoLeaks(async () => {
      await expect(trainFromCache(options)).rejects.toThrow('boom');
      await expect(trainFromCache({...options, measure: true})).rejects.toThrow('boom');
    });
    expect(Object.values(trainableOf(options.model))).not.toContain(false);
  });

  it('and the model still disposes as one', async () => {
    const data = samples();
    await expectNoLeaks(async () => {
      const model = body([4, 3, 1]);
      await trainFromCache({...training, model, data, from: 'b'});
      model.dispose();
    });
  });
});

describe('trainFromCache rejects', () => {
  it.each<[what: string, options: () => Partial<CacheOptions>, message: string]>([
    [
      'unknown layers',
      () => ({from: 'd'}),
      'trainFromCache: the selector d matches no layer. Nearest of 3: a, b, c.',
    ],
    ['the lowest layer', () => ({from: 'a'}), "trainFromCache: there is no layer below 'a' to be cached."],
    [
      'no name',
      () => ({from: 2 as never}),
      'trainFromCache: from must be the name of a layer, got the number 2.',
    ],
    ['streams', () => ({data: [] as never}), 'trainFromCache: data must be tensors {x, y}, got a list of 0.'],
    [
      'samples of another shape',
      () => ({data: {x: wave([4, 2]), y: wave([4, 1])}}),
      "trainFromCache: data: x has shape [4, 2], input 'a_input' takes [samples, 3].",
    ],
    [
      'a batch size of 0',
      () => ({batchSize: 0}),
      'trainFromCache: batchSize must be a whole number >= 1, got 0.',
    ],
    ['another loss', () => ({loss: 'nonsense'}), 'createTrainer: loss or metrics do not fit the model'],
    ['unknown options', () => ({until: 'c'}) as never, "trainFromCache: there is no option 'until'."],
    [
      'lower layers that act otherwise in training',
      () => ({
        model: tf.sequential({
          layers: [
            tf.layers.dense({units: 6, inputShape: [3], name: 'low'}),
            tf.layers.dropout({rate: 0.5, name: 'drop'}),
            tf.layers.gaussianNoise({stddev: 0.1, name: 'noise'}),
            tf.layers.activation({activation: 'relu', name: 'relu'}),
            tf.layers.batchNormalization({name: 'norm'}),
            tf.layers.dense({units: 1, name: 'c'}),
          ],
        }),
      }),
      "trainFromCache: in training these lower layers give something else than what would be cached: 'drop' (Dropout), 'noise' (GaussianNoise), 'norm' (BatchNormalization). Pass lowerInInference: true to train on what they give in inference.",
    ],
  ])('%s', async (_, options, message) => {
    const all = {...setUp(), ...options()};
    const before = weightsOf(all.model);
    await expectNoLeaks(async () => {
      await expect(trainFromCache(all)).rejects.toThrow(message);
    });
    expect(changed(before, weightsOf(all.model))).toEqual([]);
  });

  it('lower layers that give a mask, which would be lost', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.embedding({inputDim: 3, outputDim: 2, maskZero: true, inputLength: 4, name: 'words'}),
        tf.layers.simpleRNN({units: 2, name: 'c'}),
      ],
    });
    const x = tf.tensor2d([0, 1, 2, 1, 2, 0, 1, 1], [2, 4]);
    await expect(trainFromCache(setUp({model, data: {x, y: wave([2, 2])}}))).rejects.toThrow(
      'trainFromCache: lower layers give a mask along with their output; a cache would lose it.',
    );
  });

  it('training-only layers no longer when told to take them as in inference', async () => {
    const model = normalizedBody();
    const options = setUp({
      model,
      from: 'c',
      data: {x: wave([8, 3]), y: wave([8, 4])},
      lowerInInference: true,
    });
    const before = weightsOf(model);
    await trainFromCache(options);
    expect(changed(before, weightsOf(model)).filter((name) => !name.startsWith('c'))).toEqual([]);
  });
});
