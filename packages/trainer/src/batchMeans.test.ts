import * as tf from '@tensorflow/tfjs';
import {describe, expect, it, vi} from 'vitest';
import {expectNoNewTensors, useCpu, wave} from '../fixtures/training.js';
import {BatchMeans} from './batchMeans.js';
import {createTrainer} from './index.js';

useCpu();

const row = (...values: number[]): tf.Scalar[] => values.map((value) => tf.scalar(value));

describe('the means over batches', () => {
  it('weigh each batch by its size', async () => {
    const means = new BatchMeans(['loss', 'acc']);
    await means.add(row(1, 0), 3);
    await means.add(row(5, 0.5), 1);
    expect(await means.read()).toEqual({loss: 2, acc: 0.125});
  });

  it.each([63, 64, 65, 128, 200])('are right for %i batches, and leave no tensors behind', async (count) => {
    await expectNoNewTensors(async () => {
      const means = new BatchMeans(['index', 'one']);
      for (let i = 0; i < count; i++) await means.add(row(i, 1), i + 1);
      const weighted = Array.from({length: count}, (_, i) => i * (i + 1)).reduce((a, b) => a + b);
      const {index, one} = await means.read();
      expect(index).toBeCloseTo(weighted / ((count * (count + 1)) / 2), 10);
      expect(one).toBe(1);
      means.dispose();
    });
  });

  it('are read from the device once in 64 batches', async () => {
    const data = vi.spyOn(tf.Tensor.prototype, 'data');
    try {
      const means = new BatchMeans(['loss']);
      for (let i = 0; i < 130; i++) await means.add(row(i), 1);
      await means.read();
      expect(data).toHaveBeenCalledTimes(3);
    } finally {
      data.mockRestore();
    }
  });

  it('keep small numbers beside large ones', async () => {
    const means = new BatchMeans(['loss']);
    await means.add(row(2 ** 24), 1);
    for (let i = 0; i < 99; i++) await means.add(row(1), 1);
    expect(await means.read()).toEqual({loss: (2 ** 24 + 99) / 100});
  });

  it('hold nothing after dispose', async () => {
    await expectNoNewTensors(async () => {
      const means = new BatchMeans(['loss']);
      await means.add(row(1), 1);
      means.dispose();
    });
  });

  it('take in NaN', async () => {
    const means = new BatchMeans(['loss', 'acc']);
    await means.add(row(Number.NaN, 1), 1);
    await means.add(row(1, 1), 1);
    expect(await means.read()).toEqual({loss: Number.NaN, acc: 1});
  });
});

describe('an epoch of many batches', () => {
  it('logs what model.fit logs, with a last batch that is smaller', async () => {
    const make = (): tf.Sequential => {
      const model = tf.sequential({
        layers: [tf.layers.dense({units: 1, inputShape: [1], kernelInitializer: 'ones'})],
      });
      return model;
    };
    const [x, y] = [wave([301, 1]), wave([301, 1], 2)];
    const theirs = make();
    theirs.compile({loss: 'meanSquaredError', metrics: ['mae'], optimizer: tf.train.sgd(0.01)});
    const expected = await theirs.fit(x, y, {batchSize: 2, shuffle: false, verbose: 0});
    const trainer = createTrainer({
      model: make(),
      loss: 'meanSquaredError',
      metrics: ['mae'],
      optimizer: tf.train.sgd(0.01),
    });
    const {history} = await trainer.fit({x, y}, {batchSize: 2, shuffle: false});
    for (const key of ['loss', 'mae'])
      expect(history[key]![0]).toBeCloseTo(Number(expected.history[key]![0]), 5);
  });
});
