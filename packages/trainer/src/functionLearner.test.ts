import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {expectNoNewTensors, numbers, record, useCpu, wave} from '../fixtures/training.js';
import {createTrainer, type ModelFunction} from './index.js';

useCpu();

const mse = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => tf.losses.meanSquaredError(yTrue, yPred);
const data = (): {x: tf.Tensor; y: tf.Tensor} => {
  const x = wave([32, 1]);
  return {x, y: tf.add(tf.mul(x, 3), 0.5)};
};

describe('a model that is a function over variables', () => {
  it('learns', async () => {
    const [w, b] = [tf.variable(tf.scalar(0)), tf.variable(tf.scalar(0))];
    const trainer = createTrainer({
      model: (x) => tf.add(tf.mul(x, w), b),
      variables: [w, b],
      loss: mse,
      metrics: [
        function mae(yTrue, yPred) {
          return tf.losses.absoluteDifference(yTrue, yPred);
        },
      ],
      optimizer: tf.train.adam(0.1),
    });
    const {history} = await trainer.fit(data(), {epochs: 60, batchSize: 8, validationSplit: 0.25});
    expect(Object.keys(history)).toEqual(['loss', 'mae', 'val_loss', 'val_mae']);
    expect(history['val_mae']!.at(-1)).toBeLessThan(0.05);
    expect(numbers(w)[0]).toBeCloseTo(3, 1);
    expect(numbers(b)[0]).toBeCloseTo(0.5, 1);
  });

  it('takes the very steps that minimize takes', async () => {
    const [ours, theirs] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
    const {x, y} = data();
    const trainer = createTrainer({
      model: (batch) => tf.mul(batch, ours),
      variables: [ours],
      loss: mse,
      optimizer: tf.train.momentum(0.1, 0.9),
    });
    await trainer.fit({x, y}, {epochs: 5, batchSize: 32, shuffle: false});
    const optimizer = tf.train.momentum(0.1, 0.9);
    for (let i = 0; i < 5; i++) {
      optimizer.minimize(() => mse(y, tf.mul(x, theirs)) as tf.Scalar, false, [theirs]);
    }
    expect(numbers(ours)).toEqual(numbers(theirs));
  });

  it('is told whether it trains', async () => {
    const told: boolean[] = [];
    const w = tf.variable(tf.scalar(1));
    const parts = {
      model: ((x, {training}) => {
        told.push(training);
        return tf.mul(x, w);
      }) satisfies ModelFunction,
      variables: [w],
      loss: mse,
    };
    const trainer = createTrainer({...parts, optimizer: tf.train.sgd(0.1)});
    await trainer.fit(data(), {batchSize: 32, validationData: data()});
    await trainer.evaluate(data(), {batchSize: 32});
    const frozen = createTrainer({...parts, optimizer: tf.train.sgd(0.1), inferenceMode: true});
    await frozen.fit(data(), {batchSize: 32});
    expect(told).toEqual([true, false, false, false]);
  });

  it.each<readonly [string, (w: tf.Variable) => ModelFunction]>([
    ['its variable', (w) => () => w],
    ['its input', () => (x) => x],
  ])('may return %s itself, which stays alive', async (_, make) => {
    const w = tf.variable(tf.zeros([4, 1]));
    const trainer = createTrainer({
      model: make(w),
      variables: [w],
      loss: (yTrue, yPred) => tf.add(mse(yTrue, yPred), tf.mean(tf.square(w))),
      metrics: [mse],
      optimizer: tf.train.sgd(0.1),
    });
    const given = [{xs: wave([4, 1]), ys: wave([4, 1], 2)}];
    await expectNoNewTensors(() => trainer.fit(given, {epochs: 3}));
    expect([w.isDisposed, given[0]!.xs.isDisposed, given[0]!.ys.isDisposed]).toEqual([false, false, false]);
  });

  it('trains a variable that is listed twice once', async () => {
    const w = tf.variable(tf.scalar(1));
    const trainer = createTrainer({
      model: (x) => tf.mul(x, w),
      variables: [w, w],
      loss: (_, yPred) => tf.mean(yPred),
      optimizer: tf.train.sgd(0.1),
    });
    const events = record(trainer);
    await trainer.fit({x: tf.ones([4]), y: tf.ones([4])});
    expect(numbers(w)[0]).toBeCloseTo(0.9, 6);
    expect(events[0]).toMatchObject({parameters: [{name: w.name, shape: []}]});
  });

  it('leaves variables alone that are not trainable, and brings them back when a step fails', async () => {
    const w = tf.variable(tf.scalar(1));
    const calls = tf.variable(tf.scalar(0), false);
    const trainer = createTrainer({
      model: (x, {training}) => {
        if (training) calls.assign(tf.add(calls, 1));
        return tf.mul(x, w);
      },
      variables: [w, calls],
      loss: (yTrue, yPred) => {
        if (calls.dataSync()[0] === 3) throw new Error('boom');
        return mse(yTrue, yPred);
      },
      optimizer: tf.train.sgd(0.1),
    });
    const batch = data();
    await trainer.fit(batch, {epochs: 2});
    await expectNoNewTensors(() => expect(trainer.fit(batch)).rejects.toThrow('boom'));
    expect(numbers(calls)).toEqual([2]);
  });

  it('weighs no classes: its loss is a scalar already', async () => {
    const w = tf.variable(tf.scalar(0));
    const trainer = createTrainer({
      model: (x) => tf.mul(x, w),
      variables: [w],
      loss: mse,
      optimizer: tf.train.sgd(1),
    });
    await expect(trainer.fit(data(), {classWeight: {0: 8, 1: 0}})).rejects.toThrow(
      'Trainer.fit: classWeight needs a LayersModel; weigh the samples in your loss function.',
    );
  });

  it('leaves no tensors behind', async () => {
    const w = tf.variable(tf.scalar(0));
    const trainer = createTrainer({
      model: (x) => tf.mul(x, w),
      variables: [w],
      loss: mse,
      metrics: [mse],
      optimizer: tf.train.adam(0.1),
    });
    const batch = data();
    await trainer.fit(batch, {epochs: 2});
    await expectNoNewTensors(() =>
      trainer.fit(batch, {epochs: 2, batchSize: 5, validationSplit: 0.3, earlyStopping: {}}),
    );
  });
});
