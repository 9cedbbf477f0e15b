import {getLearningRate} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import type * as tfl from '@tensorflow/tfjs-layers';
import {describe, expect, it} from 'vitest';
import {composeOn, fitAll} from '../../fixtures/compose.js';
import {waveImages} from '../../fixtures/imageSet.js';
import torch from '../../fixtures/remedies.json' with {type: 'json'};
import {useCpu} from '../../fixtures/useCpu.js';
import {setWaves, waveBatch} from '../../fixtures/wave.js';
import {remedies} from './remedies.js';
import {type RemediesOptions, type RemediesVariant, VARIANTS} from './remediesOptions.js';

useCpu();

const images = waveImages({train: 60, test: 20});
const compose = (options: Partial<RemediesOptions> = {}, seed = 1) =>
  composeOn(remedies, images, {epochs: 1, ...options}, seed);

const modelOf = async (options: Partial<RemediesOptions>) => (await compose(options)).stages[0]!.model;

const values = (model: tfl.LayersModel, role: string): number[][] =>
  model.trainableWeights
    .filter(({originalName}) => originalName.endsWith(`/${role}`))
    .map((weight) => [...weight.read().dataSync()]);

const deviation = (numbers: readonly number[]): number =>
  Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0) / numbers.length);

describe('remedies', () => {
  it.each<[RemediesVariant, string]>([
    ['original', 'hidden'],
    ['batch-norm', 'hidden norm sigmoid'],
    ['normalization', 'hidden norm sigmoid'],
    ['gradient-normalization', 'hidden gradients'],
    ['relu', 'hidden'],
  ])('builds %s of seven times %s', async (variant, block) => {
    const names = [1, 2, 3, 4, 5, 6, 7].flatMap((i) => block.split(' ').map((name) => `${name}${i}`));
    const model = await modelOf({variant});
    expect(model.layers.map(({name}) => name)).toEqual(['images', ...names, 'output']);
  });

  it('has the published number of parameters', async () => {
    const dense = 8 * 128 + 128 + 6 * (128 * 128 + 128) + 128 * 10 + 10;
    for (const variant of VARIANTS.filter((name) => name !== 'layerwise')) {
      const norms = variant === 'batch-norm' ? 7 * 4 * 128 : 0;
      expect((await modelOf({variant})).countParams()).toBe(dense + norms);
    }
  });

  it('leads past layers 2 and 3, and past layers 5 to 7', async () => {
    const model = await modelOf({variant: 'skip'});
    expect(model.layers.map(({name}) => name)).toEqual([
      'images',
      'hidden1',
      'skip1',
      'hidden4',
      'skip2',
      'output',
    ]);
    expect(values(model, 'kernel')).toHaveLength(8);
  });

  it('begins as PyTorch does by itself, kernels and biases', async () => {
    const model = await modelOf({});
    for (const role of ['kernel', 'bias']) {
      for (const [layer, drawn] of values(model, role).entries()) {
        const bound = 1 / Math.sqrt(layer === 0 ? 8 : 128);
        const largest = Math.max(...drawn.map(Math.abs));
        expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
        expect(largest).toBeGreaterThan(0.7 * bound);
      }
    }
  });

  it.each<[RemediesVariant, number]>([
    ['std1', 1],
    ['std10', 10],
    ['relu', 0.05],
    ['adam', 0.05],
    ['skip', 0.05],
  ])(
    'begins %s with normal kernels of deviation %d, the output too, and zero biases',
    async (variant, stddev) => {
      const model = await modelOf({variant});
      for (const kernel of values(model, 'kernel')) expect(deviation(kernel) / stddev).toBeCloseTo(1, 1);
      expect(new Set(values(model, 'bias').flat())).toEqual(new Set([0]));
    },
  );

  it('never gives two layers the same kernel', async () => {
    const kernels = values(await modelOf({variant: 'std1'}), 'kernel');
    expect(new Set(kernels.map(([first]) => first)).size).toBe(8);
  });

  it.each<[Partial<RemediesOptions>, string, number]>([
    [{}, 'SGD', 1e-2],
    [{variant: 'relu'}, 'SGD', 1e-3],
    [{variant: 'relu', rate: 1e-2}, 'SGD', 1e-2],
    [{variant: 'adam'}, 'Adam', 1e-3],
    [{variant: 'batch-norm'}, 'Adam', 1e-3],
    [{variant: 'batch-norm', optimizer: 'sgd'}, 'SGD', 1e-2],
    [{variant: 'gradient-normalization'}, 'SGD', 1e-3],
    [{variant: 'skip', optimizer: 'adam'}, 'Adam', 1e-3],
  ])('trains %o with %s at %d', async (options, name, rate) => {
    const {optimizer} = (await compose(options)).stages[0]!.trainer;
    expect([optimizer.inner.getClassName(), getLearningRate(optimizer)]).toEqual([name, rate]);
  });

  it.each(Object.entries(torch.steps))('agrees with PyTorch on %s', async (variant, {losses, rms}) => {
    const {model, trainer} = (await compose({variant: variant as RemediesVariant})).stages[0]!;
    setWaves(model);
    const sizes: number[] = [];
    trainer.events$.subscribe((event) => {
      if (event.type !== 'capture' || event.capture !== 'gradientStats' || event.step > 0) return;
      for (const [name, {mean, std}] of Object.entries(event.values)) {
        if (name.includes('/kernel')) sizes.push(Math.hypot(mean!, std!));
      }
    });
    const {history} = await trainer.fit(waveBatch(), {epochs: 3, batchSize: 16, shuffle: false});
    sizes.forEach((size, layer) => expect(size / rms[layer]!).toBeCloseTo(1, 3));
    expect(sizes).toHaveLength(8);
    history['loss']!.forEach((loss, step) => expect(loss).toBeCloseTo(losses[step]!, 4));
  });

  it('keeps the smaller last batch', async () => {
    const sizes: number[] = [];
    const many = waveImages({train: 580, test: 10});
    const {trainer, data, options} = (await composeOn(remedies, many, {epochs: 1})).stages[0]!;
    trainer.events$.subscribe((event) => {
      if (event.type === 'step') sizes.push(event.size);
    });
    await trainer.fit(data, options);
    expect(sizes).toEqual([512, 522 - 512]);
  });

  it('measures in the first step, and in the last of every epoch', async () => {
    const steps = new Map<string, number[]>();
    const many = waveImages({train: 580, test: 10});
    const {trainer, data, options} = (await composeOn(remedies, many, {epochs: 2})).stages[0]!;
    trainer.events$.subscribe((event) => {
      if (event.type === 'capture') {
        steps.set(event.capture, [...(steps.get(event.capture) ?? []), event.step]);
      }
    });
    await trainer.fit(data, options);
    for (const name of ['gradientStats', 'histograms/gradients', 'weightStats', 'updateStats']) {
      expect([name, steps.get(name)]).toEqual([name, [0, 1, 3]]);
    }
  });

  it('tells what became of the network', async () => {
    const training = await compose();
    const logs = await fitAll(training);
    const names = ['train_loss', 'train_acc', 'val_loss', 'val_acc', 'test_acc'];
    expect(Object.keys(await training.evaluate(logs))).toEqual(names);
  });

  it('gives the same training for the same seed, and another for another', async () => {
    const run = async (seed: number) => {
      const training = await compose({variant: 'std1'}, seed);
      await fitAll(training);
      return training.evaluate();
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it.each(VARIANTS)('frees everything of %s', async (variant) => {
    const before = tf.memory().numTensors;
    const training = await compose({variant});
    await fitAll(training);
    await training.evaluate();
    training.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('rejects a frozen variant without stages', async () => {
    await expect(compose({frozen: true})).rejects.toThrow(
      new RangeError('--frozen needs --variant layerwise, got original.'),
    );
  });

  it.each([-1, 0, 'fast', ''])('rejects the rate %s', (rate) => {
    expect(() => remedies.flags.rate.read(rate, '--rate')).toThrow(
      new RangeError(`--rate must be a number > 0, got ${rate}.`),
    );
  });

  it('reads rates, and the word for none', () => {
    expect(['1e-2', 0.5, 'auto'].map((word) => remedies.flags.rate.read(word, '--rate'))).toEqual([
      0.01,
      0.5,
      'auto',
    ]);
  });
});

describe('remedies layer by layer', () => {
  const kernelsOf = (model: tfl.LayersModel) =>
    Object.fromEntries(
      model.layers
        .filter(({weights}) => weights.length > 0)
        .map(({name, weights}) => [name, [...weights[0]!.read().dataSync()]]),
    );

  it('grows in seven stages, each with a head of its own', async () => {
    const {stages} = await compose({variant: 'layerwise'});
    expect(stages.map(({name}) => name)).toEqual([
      'layers 1-2',
      'layers 1-4, 1-2 frozen',
      'layers 1-4',
      'layers 1-6, 1-4 frozen',
      'layers 1-6',
      'layers 1-7, 1-6 frozen',
      'layers 1-7',
    ]);
    expect(stages.map(({model}) => model.layers.length - 2)).toEqual([2, 4, 4, 6, 6, 7, 7]);
    expect(stages.map(({model}) => model.layers.at(-1)!.name)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((i) => `head${i}`),
    );
  });

  it('shares the hidden layers, and neither heads nor optimizers', async () => {
    const {stages} = await compose({variant: 'layerwise'});
    expect(new Set(stages.map(({model}) => model.getLayer('hidden1'))).size).toBe(1);
    expect(new Set(stages.map(({trainer}) => trainer.optimizer.inner)).size).toBe(7);
    const heads = stages.map(({model}, i) => kernelsOf(model)[`head${i + 1}`]![0]);
    expect(new Set(heads).size).toBe(7);
  });

  it('begins with normal kernels in the hidden layers, and heads as PyTorch has them', async () => {
    const {stages} = await compose({variant: 'layerwise'});
    const {head7, ...hidden} = kernelsOf(stages.at(-1)!.model);
    for (const kernel of Object.values(hidden)) expect(deviation(kernel) / 0.05).toBeCloseTo(1, 1);
    expect(deviation(head7!)).toBeCloseTo(1 / Math.sqrt(128 * 3), 2);
  });

  it.each([false, true])('moves the lower layers unless frozen is %s', async (frozen) => {
    const {stages} = await compose({variant: 'layerwise', frozen});
    const {model, trainer, data, options} = stages[1]!;
    const before = kernelsOf(model);
    await trainer.fit(data, options);
    const after = kernelsOf(model);
    const moved = Object.keys(after).filter((name) => String(after[name]) !== String(before[name]));
    const upper = ['hidden3', 'hidden4', 'head2'];
    expect(moved).toEqual(frozen ? upper : ['hidden1', 'hidden2', ...upper]);
  });

  it('tells the validation accuracy after each stage', async () => {
    const training = await compose({variant: 'layerwise'});
    const figures = await training.evaluate(await fitAll(training));
    expect(figures['stage7_val_acc']).toBe(figures['val_acc']);
    expect(Object.keys(figures).filter((name) => name.startsWith('stage'))).toHaveLength(7);
  });
});
