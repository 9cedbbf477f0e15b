import {expectNoLeaks} from '@gradwire/testing';
import {ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {body, changed, useCpu, wave, weightsOf} from '../fixtures/training.js';
import {pretrainAuxiliary, type PretrainAuxiliaryOptions} from './index.js';
import {shuffleFeatures} from './shuffleFeatures.js';

useCpu();

/** Three features of which the third is the product of the others' signs. */
const structured = (count: number) =>
  tf.tidy(() => {
    const [a, b] = [tf.sign(wave([count, 1], 3)), tf.sign(wave([count, 1], 8))];
    return tf.concat([a, b, tf.mul(a, b)], 1);
  });

const setUp = (more: Partial<PretrainAuxiliaryOptions> = {}): PretrainAuxiliaryOptions => ({
  model: body([8, 6]),
  x: structured(64),
  optimizer: () => tf.train.adam(0.03),
  metrics: ['accuracy'],
  batchSize: 16,
  ...more,
});

describe('pretrainAuxiliary', () => {
  it('trains the layers to tell intact samples from corrupt copies', async () => {
    const options = setUp({epochs: 40, corrupt: (x) => tf.mul(x, tf.tensor2d([[1, 1, -1]]))});
    const before = weightsOf(options.model);
    const {stages, reason} = await pretrainAuxiliary(options);
    expect(stages.map(({name}) => name)).toEqual(['intact or corrupt']);
    expect(stages[0]!.history['acc']!.at(-1)).toBeGreaterThan(0.95);
    expect(changed(before, weightsOf(options.model))).toHaveLength(4);
    expect(reason).toBe('completed');
  });

  it('tears apart by default what belongs together', async () => {
    const {stages} = await pretrainAuxiliary(setUp({epochs: 40}));
    // Half of the shuffled copies are intact by chance, so that three of four is what can be reached.
    expect(stages[0]!.history['acc']!.at(-1)).toBeGreaterThan(0.7);
  });

  it('shows as many good samples as bad ones, to validation as well', async () => {
    // What is not above one half counts as bad, so the accuracy is the share of bad samples.
    const undecided = tf.layers.dense({units: 1, kernelInitializer: 'zeros', inputShape: [3]});
    const {stages} = await pretrainAuxiliary(
      setUp({
        model: tf.sequential({layers: [undecided]}),
        head: () => tf.layers.activation({activation: 'sigmoid'}),
        validationSplit: 0.25,
        optimizer: () => tf.train.sgd(1e-12),
      }),
    );
    expect(stages[0]!.history).toMatchObject({acc: [0.5], val_acc: [0.5]});
  });

  it('flattens what is no vector', async () => {
    const conv = tf.sequential({
      layers: [tf.layers.conv2d({filters: 2, kernelSize: 2, inputShape: [4, 4, 1]})],
    });
    expect((await pretrainAuxiliary(setUp({model: conv, x: wave([8, 4, 4, 1])}))).stages).toHaveLength(1);
  });

  it('ends at the next step when the signal is aborted', async () => {
    const controller = new AbortController();
    const options = setUp({
      signal: controller.signal,
      consumers: [(events$) => events$.pipe(ofType('step')).subscribe(() => controller.abort())],
    });
    const {stages, reason} = await pretrainAuxiliary(options);
    expect([stages[0]!.epoch, reason]).toEqual([[], 'stopped']);
  });

  it('leaves nothing behind, also when something throws', async () => {
    const options = setUp();
    await expectNoLeaks(() => pretrainAuxiliary(options));
    await expectNoLeaks(async () => {
      await expect(pretrainAuxiliary({...options, loss: 'nonsense'})).rejects.toThrow('loss or metrics');
      await expect(pretrainAuxiliary({...options, corrupt: (x) => tf.slice(x, 1)})).rejects.toThrow(
        'pretrainAuxiliary: corrupt must return a tensor of shape [64, 3], got [63, 3].',
      );
    });
    const {x} = options;
    await expectNoLeaks(() => pretrainAuxiliary({...options, corrupt: (same) => same}));
    expect(x.isDisposed).toBe(false);
  });

  it.each<[options: () => object, message: string]>([
    [
      () => ({corrupt: 3}),
      'pretrainAuxiliary: corrupt must be a function, e.g. (x) => tf.reverse(x, 1), got the number 3.',
    ],
    [() => ({head: 3}), 'pretrainAuxiliary: head must be a function that makes layers'],
    [() => ({seed: -1}), 'pretrainAuxiliary: seed must be a whole number >= 0, got -1.'],
    [() => ({data: 3}), "pretrainAuxiliary: there is no option 'data'."],
  ])('rejects %#', async (options, message) => {
    await expect(pretrainAuxiliary({...setUp(), ...options()})).rejects.toThrow(message);
  });
});

describe('shuffleFeatures', () => {
  const columns = async (x: tf.Tensor) => (await (x as tf.Tensor2D).transpose().array()) as number[][];

  it('keeps the values of every feature, and not their order', async () => {
    const x = wave([50, 3]);
    const [before, after] = [await columns(x), await columns(await shuffleFeatures(x, 1))];
    expect(after.map((values) => values.toSorted())).toEqual(before.map((values) => values.toSorted()));
    for (const [i, values] of after.entries()) expect(values).not.toEqual(before[i]);
  });

  it('follows from the seed', async () => {
    const x = wave([50, 3]);
    const [a, b, c] = await Promise.all(
      [1, 1, 2].map(async (seed) => columns(await shuffleFeatures(x, seed))),
    );
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });
});
