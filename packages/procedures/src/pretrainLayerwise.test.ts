import {expectNoLeaks} from '@gradwire/testing';
import {createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {changed, recorder, trainableOf, useCpu, wave, weightsOf} from '../fixtures/training.js';
import {pretrainLayerwise, type PretrainLayerwiseOptions, replaceTop} from './index.js';

useCpu();

/** Six features that follow from two. */
const structured = (count: number) =>
  tf.tidy(() => tf.tanh(tf.matMul(wave([count, 2], 4) as tf.Tensor2D, wave([2, 6], 9) as tf.Tensor2D)));

const dense = (units: number, name: string, first = false) =>
  tf.layers.dense({
    units,
    activation: 'tanh',
    name,
    kernelInitializer: tf.initializers.glorotUniform({seed: units}),
    ...(first ? {inputShape: [6]} : {}),
  });
const model = () => tf.sequential({layers: [dense(5, 'a', true), dense(4, 'b'), dense(3, 'c')]});

const setUp = (more: Partial<PretrainLayerwiseOptions> = {}): PretrainLayerwiseOptions => ({
  model: model(),
  x: structured(32),
  optimizer: () => tf.train.adam(0.02),
  batchSize: 8,
  epochs: 2,
  ...more,
});

describe('pretrainLayerwise', () => {
  it('trains one block after the other, from the lowest, and no other', async () => {
    const options = setUp();
    const snapshots: Record<string, number[]>[] = [];
    const onStage = () => void snapshots.push(weightsOf(options.model));
    const {stages, reason} = await pretrainLayerwise({...options, onStage});
    snapshots.push(weightsOf(options.model));
    expect(stages.map(({name}) => name)).toEqual([
      'autoencoder of a',
      'autoencoder of b',
      'autoencoder of c',
    ]);
    expect(snapshots.slice(1).map((after, i) => changed(snapshots[i]!, after))).toEqual([
      ['a/kernel', 'a/bias'],
      ['b/kernel', 'b/bias'],
      ['c/kernel', 'c/bias'],
    ]);
    expect(reason).toBe('completed');
  });

  it('learns to reconstruct what a block gets', async () => {
    const {stages} = await pretrainLayerwise(setUp({epochs: 40}));
    const shares = stages.map(({history: {loss}}) => loss!.at(-1)! / loss![0]!);
    expect(Math.max(...shares)).toBeLessThan(0.4);
  });

  it('trains the first block as an autoencoder of that block alone would be trained', async () => {
    const options = setUp({decoder: () => tf.layers.dense({units: 6, kernelInitializer: 'zeros'})});
    await pretrainLayerwise({...options, model: replaceTop(options.model, {from: 'b'})});
    const alone = model();
    const decoder = tf.layers.dense({units: 6, kernelInitializer: 'zeros'});
    const trainer = createTrainer({
      model: replaceTop(alone, {from: 'b', layers: [decoder]}),
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(0.02),
    });
    await trainer.fit({x: options.x, y: options.x}, {epochs: 2, batchSize: 8});
    expect(weightsOf(options.model)).toEqual(weightsOf(alone));
  });

  it('corrupts the input in training only, and reconstructs the intact one', async () => {
    const {consumer, events} = recorder();
    const options = setUp({
      corruption: () => tf.layers.dropout({rate: 0.999}),
      consumers: [consumer],
      epochs: 1,
    });
    await pretrainLayerwise(options);
    const clean = setUp({epochs: 1});
    await pretrainLayerwise(clean);
    expect(weightsOf(options.model)).not.toEqual(weightsOf(clean.model));
    // With nothing left of the input the best guess is the mean, whose error is the variance.
    const [loss] = events.filter((event) => event.type === 'epochEnd').map(({logs}) => logs['loss']!);
    expect(loss).toBeGreaterThan(0.3 * tf.moments(options.x).variance.dataSync()[0]!);
  });

  it('takes convolutions with a decoder that turns them back', async () => {
    const conv = tf.sequential({
      layers: [
        tf.layers.conv2d({filters: 2, kernelSize: 2, strides: 2, inputShape: [4, 4, 1], name: 'conv'}),
        tf.layers.flatten({name: 'flat'}),
        tf.layers.dense({units: 3, name: 'dense'}),
      ],
    });
    const options = setUp({model: conv, x: wave([8, 4, 4, 1])});
    await expect(pretrainLayerwise(options)).rejects.toThrow(
      "pretrainLayerwise: block 'flat' turns [4, 4, 1] into [8]; pass a decoder that turns it back.",
    );
    const decoder: NonNullable<PretrainLayerwiseOptions['decoder']> = (input) => {
      const shape = input.slice(1) as number[];
      const units = shape.reduce((product, length) => product * length, 1);
      return [tf.layers.dense({units}), tf.layers.reshape({targetShape: shape})];
    };
    expect((await pretrainLayerwise({...options, decoder})).stages).toHaveLength(2);
  });

  it('ends at the next step when the signal is aborted', async () => {
    const controller = new AbortController();
    const consumer: NonNullable<PretrainLayerwiseOptions['consumers']>[number] = (events$) =>
      events$.pipe(ofType('step')).subscribe(({step}) => {
        if (step === 2) controller.abort();
      });
    const options = setUp({signal: controller.signal, consumers: [consumer]});
    const before = weightsOf(options.model);
    const {stages, reason} = await pretrainLayerwise(options);
    expect([stages.length, reason]).toEqual([1, 'stopped']);
    expect(changed(before, weightsOf(options.model))).toEqual(['a/kernel', 'a/bias']);
    expect(Object.values(trainableOf(options.model))).not.toContain(false);
  });

  it('leaves nothing behind, also when something throws, and the model disposes as one', async () => {
    const options = setUp({corruption: () => tf.layers.gaussianNoise({stddev: 0.1}), validationSplit: 0.25});
    await expectNoLeaks(() => pretrainLayerwise(options));
    await expectNoLeaks(async () => {
      await expect(pretrainLayerwise({...options, loss: 'nonsense'})).rejects.toThrow('loss or metrics');
      await expect(
        pretrainLayerwise({...options, decoder: () => tf.layers.dense({units: 2})}),
      ).rejects.toThrow('does not fit the model');
    });
    await expectNoLeaks(async () => {
      const own = model();
      await pretrainLayerwise({...options, model: own});
      own.dispose();
    });
  });
});

describe('pretrainLayerwise rejects', () => {
  it.each<[options: () => object, message: string]>([
    [() => ({x: undefined}), 'pretrainLayerwise must be tensors {x, y}'],
    [() => ({y: wave([8, 1])}), "pretrainLayerwise: there is no option 'y'."],
    [() => ({decoder: 3}), 'pretrainLayerwise: decoder must be a function that makes layers'],
    [
      () => ({corruption: tf.layers.dropout({rate: 0.5})}),
      'pretrainLayerwise: corruption must be a function that makes layers, e.g. () => tf.layers.dense({units: 10}), got a Dropout.',
    ],
    [() => ({x: wave([8, 5])}), "pretrainLayerwise: x has shape [8, 5], input 'a_input' takes [samples, 6]."],
    [() => ({blocks: ['b']}), "pretrainLayerwise: the last block must end with 'c'"],
  ])('%#', async (options, message) => {
    await expect(pretrainLayerwise({...setUp(), ...options()})).rejects.toThrow(message);
  });
});
