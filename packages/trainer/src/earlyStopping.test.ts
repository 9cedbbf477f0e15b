import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {batchNormMlp, expectNoNewTensors, record, samples, useCpu, weightsOf} from '../fixtures/training.js';
import type {EarlyStopping} from './earlyStopping.js';
import {createTrainer, ofType, type TrainingHistory} from './index.js';

useCpu();

/** Trains one weight so that the metric `score` takes the given values epoch by epoch; w counts the epochs. */
async function runOf(
  scores: readonly number[],
  earlyStopping: EarlyStopping,
): Promise<TrainingHistory & {w: number}> {
  const w = tf.variable(tf.scalar(0));
  const trainer = createTrainer({
    // The gradient of -w is -1, the learning rate 1: w is 1 after the first epoch, 2 after the second, …
    model: (x) => tf.mul(x, w),
    variables: [w],
    loss: (_, yPred) => tf.neg(tf.mean(yPred)),
    metrics: [
      function score() {
        return tf.scalar(scores[Math.round(w.dataSync()[0]!) - 1] ?? 99);
      },
      function acc() {
        return tf.scalar(scores[Math.round(w.dataSync()[0]!) - 1] ?? 99);
      },
    ],
    optimizer: tf.train.sgd(1),
  });
  const one = {x: tf.ones([1, 1]), y: tf.ones([1, 1])};
  const result = await trainer.fit(one, {epochs: scores.length, validationData: one, earlyStopping});
  trainer.dispose();
  return {...result, w: w.dataSync()[0]!};
}

const epochsOf = ({epoch}: TrainingHistory): number => epoch.length;

describe('early stopping', () => {
  it('ends at the first epoch without improvement and brings back the best weights', async () => {
    const run = await runOf([3, 2, 2.5, 1], {monitor: 'val_score'});
    expect(run.reason).toBe('earlyStopped');
    expect(run.history['val_score']).toEqual([3, 2, 2.5]);
    expect(run.w).toBe(2);
  });

  it.each([
    [0, 3, 2],
    [1, 3, 2],
    [2, 4, 2],
    [3, 8, 5],
  ])('with a patience of %i ends after %i epochs; the best was number %i', async (patience, epochs, best) => {
    const run = await runOf([3, 2, 2.5, 2.6, 1, 2, 2, 2, 2], {monitor: 'val_score', patience});
    expect([epochsOf(run), run.w]).toEqual([epochs, best]);
  });

  it('counts changes above minDelta only', async () => {
    expect(epochsOf(await runOf([3, 2.9, 2.8, 2.7], {monitor: 'val_score', minDelta: 0.15}))).toBe(2);
    expect(epochsOf(await runOf([3, 2.8, 2.6, 2.4], {monitor: 'val_score', minDelta: 0.15}))).toBe(4);
  });

  it('takes larger as better if told so', async () => {
    const run = await runOf([1, 2, 3, 2], {monitor: 'val_score', mode: 'max'});
    expect([run.reason, run.w]).toEqual(['earlyStopped', 3]);
    expect(epochsOf(await runOf([1, 2, 3], {monitor: 'val_score', mode: 'min'}))).toBe(2);
  });

  it('takes larger as better for accuracies', async () => {
    expect((await runOf([1, 2, 3, 2, 4], {monitor: 'val_acc'})).w).toBe(3);
    expect(epochsOf(await runOf([3, 2, 1], {monitor: 'acc'}))).toBe(2);
  });

  it('leaves the last weights if told so', async () => {
    const run = await runOf([3, 2, 2.5, 1], {monitor: 'val_score', restoreBestWeights: false});
    expect([run.reason, run.w]).toEqual(['earlyStopped', 3]);
  });

  it('brings back the best weights also when the run reaches its last epoch', async () => {
    const run = await runOf([3, 1, 2], {monitor: 'val_score', patience: 5});
    expect([run.reason, run.w]).toEqual(['completed', 2]);
  });

  it('never takes NaN for an improvement', async () => {
    expect(epochsOf(await runOf([Number.NaN, Number.NaN, 1], {monitor: 'val_score'}))).toBe(1);
    const run = await runOf([Number.NaN, 2, Number.NaN], {monitor: 'val_score', patience: 2});
    expect([run.reason, run.w]).toEqual(['completed', 2]);
  });

  it('watches val_loss with validation data, else loss', async () => {
    const w = tf.variable(tf.scalar(0));
    // Loss rises in training and falls in validation.
    const trainer = createTrainer({
      model: (_x, {training}) => (training ? tf.mul(w, -1) : tf.mul(w, 1)) as tf.Tensor,
      variables: [w],
      loss: (yTrue, yPred) => tf.mean(tf.mul(yTrue, yPred)) as tf.Scalar,
      optimizer: tf.train.sgd(-1),
    });
    const one = {x: tf.ones([1]), y: tf.ones([1])};
    const without = await trainer.fit(one, {epochs: 3, earlyStopping: {}});
    const withData = await trainer.fit(one, {epochs: 3, validationData: one, earlyStopping: {}});
    expect([without.reason, withData.reason]).toEqual(['earlyStopped', 'completed']);
    expect([without.epoch.length, withData.epoch.length]).toEqual([2, 3]);
  });

  it('brings back moving averages, too, and keeps no weights', async () => {
    const model = batchNormMlp();
    // Steps so large that it gets worse.
    const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(2)});
    const data = samples(12);
    await trainer.fit(data);
    const after: {loss: number; weights: number[][]}[] = [];
    trainer.events$
      .pipe(ofType('epochEnd'))
      .subscribe(({logs}) => after.push({loss: logs['val_loss']!, weights: weightsOf(model)}));
    await expectNoNewTensors(() =>
      trainer.fit(data, {epochs: 6, validationData: data, earlyStopping: {patience: 10}}),
    );
    const best = after.reduce((a, b) => (b.loss < a.loss ? b : a));
    expect(weightsOf(model)).toEqual(best.weights);
    expect(best).not.toBe(after.at(-1));
  });

  it('is the reason that the run ended', async () => {
    const w = tf.variable(tf.scalar(0));
    const trainer = createTrainer({
      model: (x) => tf.mul(x, w),
      variables: [w],
      loss: (yTrue, yPred) => tf.losses.meanSquaredError(yTrue, yPred),
      optimizer: tf.train.sgd(0),
    });
    const events = record(trainer);
    await trainer.fit({x: tf.ones([1]), y: tf.ones([1])}, {epochs: 9, earlyStopping: {}});
    expect(events.at(-1)).toMatchObject({type: 'runEnd', reason: 'earlyStopped', epoch: 1});
  });
});
