import {chain, every, type GradientTransform, mapTensors, stateless} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {
  batchNormMlp,
  expectNoNewTensors,
  record,
  samples,
  typesOf,
  useCpu,
  weightsOf,
} from '../fixtures/training.js';
import {createTrainer, type DataBatch, type TrainerOptions} from './index.js';

useCpu();

/** Batches of {@link samples}; the labels of batch `at` are NaN. */
function broken(at: number, count = 6, label = Number.NaN): DataBatch[] {
  return Array.from({length: count}, (_, i) => {
    const {x, y} = samples(4);
    return {xs: x, ys: i === at ? tf.fill([4, 1], label) : y};
  });
}

function setUp(parts: Partial<TrainerOptions> = {}) {
  const model = batchNormMlp();
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.sgd(0.1),
    ...parts,
  });
  return {model, trainer, events: record(trainer)};
}

describe('a loss that is not finite', () => {
  it.each([Number.NaN, Infinity])('ends the run before the update: %d', async (label) => {
    const {model, trainer, events} = setUp();
    const {reason, history, epoch} = await trainer.fit(broken(2, 6, label), {epochs: 3});
    expect(reason).toBe('diverged');
    expect([epoch, history]).toEqual([[], {loss: []}]);
    expect(typesOf(events)).toEqual(['runBegin', 'epochBegin', 'step', 'step', 'alert', 'runEnd']);
    expect(events[4]).toMatchObject({
      rule: 'nonFiniteLoss',
      step: 2,
      message: `The loss is ${label}; this update is not applied.`,
    });
    expect(events[5]).toMatchObject({reason: 'diverged', step: 2});
    expect(events[5]).not.toHaveProperty('error');

    const other = setUp();
    await other.trainer.fit(broken(-1, 2));
    expect(weightsOf(model)).toEqual(weightsOf(other.model));
  });

  it('leaves no tensors behind, and the trainer goes on', async () => {
    const {model, trainer} = setUp();
    await trainer.fit(samples(4));
    const batches = broken(1);
    await expectNoNewTensors(() => trainer.fit(batches));
    expect((await trainer.fit(samples(4))).reason).toBe('completed');
    expect(weightsOf(model).flat().every(Number.isFinite)).toBe(true);
  });

  it('goes on if told so, with an alert at every step', async () => {
    const {model, trainer, events} = setUp({onDivergence: 'continue'});
    const {reason, history} = await trainer.fit(broken(2, 4));
    expect(reason).toBe('completed');
    expect(history['loss']).toEqual([Number.NaN]);
    expect(typesOf(events)).toEqual([
      'runBegin',
      'epochBegin',
      'step',
      'step',
      'alert',
      'step',
      'alert',
      'step',
      'epochEnd',
      'runEnd',
    ]);
    expect(events[4]).toMatchObject({message: 'The loss is NaN; the run goes on.'});
    expect(weightsOf(model).flat().some(Number.isNaN)).toBe(true);
  });

  it('is found at the next step at which the loss is read', async () => {
    const {trainer, events} = setUp({readLoss: every(3)});
    expect((await trainer.fit(broken(1))).reason).toBe('diverged');
    expect(events.find(({type}) => type === 'alert')).toMatchObject({step: 3});
    expect(typesOf(events).filter((type) => type === 'step')).toHaveLength(3);
  });

  it('that no step has read ends the run with its epoch', async () => {
    const {trainer, events} = setUp({readLoss: () => false});
    const {reason, history} = await trainer.fit(broken(1), {epochs: 3});
    expect([reason, history['loss']]).toEqual(['diverged', [Number.NaN]]);
    expect(events.filter(({type}) => type === 'alert')).toMatchObject([
      {rule: 'nonFiniteLoss', message: 'The loss of epoch 0 is NaN.'},
    ]);
    expect(events.some((event) => event.type === 'step' && event.loss !== undefined)).toBe(false);
  });

  it('that no step has read is reported where the run goes on', async () => {
    const {trainer, events} = setUp({readLoss: () => false, onDivergence: 'continue'});
    expect((await trainer.fit(() => broken(1), {epochs: 2})).reason).toBe('completed');
    expect(events.filter(({type}) => type === 'alert')).toHaveLength(2);
  });

  it('with early stopping brings back the best weights', async () => {
    const {model, trainer} = setUp();
    let weights: number[][] = [];
    trainer.events$.subscribe(({type}) => {
      if (type === 'epochEnd') weights = weightsOf(model);
    });
    let epoch = 0;
    const {reason} = await trainer.fit(() => broken(epoch++ === 1 ? 2 : -1), {epochs: 5, earlyStopping: {}});
    expect(reason).toBe('diverged');
    expect(weightsOf(model)).toEqual(weights);
  });
});

describe('the loss of a step', () => {
  it('is that before the update, where it is read', async () => {
    const {trainer, events} = setUp({readLoss: every(2), optimizer: tf.train.sgd(0.01)});
    const {history} = await trainer.fit(broken(-1, 4));
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    expect(losses.map((loss) => loss === undefined)).toEqual([false, true, false, true]);
    const every1 = setUp({optimizer: tf.train.sgd(0.01)});
    await every1.trainer.fit(broken(-1, 4));
    const all = every1.events.flatMap((event) => (event.type === 'step' ? event.loss! : []));
    expect([all[0], all[2]]).toEqual([losses[0], losses[2]]);
    expect(history['loss']![0]).toBeCloseTo(all.reduce((a, b) => a + b) / 4, 5);
  });
});

/** Skips steps whose gradients are not finite, as `skipNonFinite` does. */
function guard(): GradientTransform {
  const isFinite = (g: tf.Tensor): boolean => g.dataSync().every(Number.isFinite);
  return stateless('guard', {}, (grads) => (Object.values(grads).every(isFinite) ? grads : {}), {
    kind: 'guard',
    scope: 'global',
  });
}

describe('a loss that is not finite, where a transform skips such steps,', () => {
  it('does not end the run', async () => {
    const {trainer, events} = setUp({transforms: [guard()]});
    const {reason, history} = await trainer.fit(broken(2, 6), {epochs: 2});
    expect(reason).toBe('completed');
    expect(history['loss']!.every(Number.isFinite)).toBe(true);
    const skipped = events.filter((event) => event.type === 'step').map((event) => event.skipped ?? false);
    expect(skipped).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(events.some(({type}) => type === 'alert')).toBe(false);
  });

  it('leaves weights and moving averages as if the batch had not been', async () => {
    const batches = broken(2, 4);
    const guarded = setUp({transforms: [guard()]});
    await guarded.trainer.fit(batches, {epochs: 1});
    const without = setUp();
    await without.trainer.fit(
      batches.filter((_, i) => i !== 2),
      {epochs: 1},
    );
    expect(weightsOf(guarded.model)).toEqual(weightsOf(without.model));
  });

  it('stays out of the mean of the epoch', async () => {
    const batches = broken(2, 4);
    const guarded = await setUp({transforms: [guard()]}).trainer.fit(batches, {epochs: 1});
    const without = await setUp().trainer.fit(
      batches.filter((_, i) => i !== 2),
      {epochs: 1},
    );
    expect(guarded.history).toEqual(without.history);
  });

  it('does not need to be read', async () => {
    const {trainer} = setUp({transforms: [guard()], readLoss: every(100)});
    const {reason, history} = await trainer.fit(broken(2, 6), {epochs: 1});
    expect([reason, history['loss']!.every(Number.isFinite)]).toEqual(['completed', true]);
  });

  it('ends the run where that transform lets the step pass', async () => {
    const pass = stateless('pass', {}, (grads) => mapTensors(grads, tf.zerosLike), {
      kind: 'guard',
      scope: 'global',
    });
    const {trainer, events} = setUp({transforms: [chain(pass)]});
    const {reason} = await trainer.fit(broken(2, 6), {epochs: 1});
    expect(reason).toBe('diverged');
    expect(events.at(-2)).toMatchObject({type: 'alert', message: 'The loss is NaN.'});
  });

  it('leaves no tensors', async () => {
    const {trainer} = setUp({transforms: [guard()]});
    const batches = broken(1, 3);
    await expectNoNewTensors(async () => void (await trainer.fit(batches, {epochs: 2})));
  });
});
