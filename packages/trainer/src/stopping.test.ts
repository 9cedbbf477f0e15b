import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {
  batchNormMlp,
  expectNoNewTensors,
  failsAt,
  noisy,
  record,
  samples,
  scaled,
  typesOf,
  useCpu,
  weightsOf,
} from '../fixtures/training.js';
import {createTrainer, ofType, type TrainerOptions} from './index.js';

useCpu();

const N = 8;

function setUp(parts: Partial<TrainerOptions> = {}) {
  const model = batchNormMlp();
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.adam(0.01),
    ...parts,
  });
  return {model, trainer, events: record(trainer)};
}

describe('stop', () => {
  it('ends the run at the next step boundary', async () => {
    const {trainer, events} = setUp();
    trainer.events$.pipe(ofType('step')).subscribe(({step}) => {
      if (step === 2) trainer.stop();
    });
    const {reason, epoch, history} = await trainer.fit(samples(N), {epochs: 9, batchSize: 4});
    expect(reason).toBe('stopped');
    expect([epoch, history['loss']!.length]).toEqual([[0], 1]);
    expect(typesOf(events).filter((type) => type === 'step')).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({type: 'runEnd', reason: 'stopped', step: 3, epoch: 1});
  });

  it('from outside ends it, too', async () => {
    const {trainer} = setUp();
    const run = trainer.fit(samples(N), {epochs: 100_000, batchSize: 4});
    setTimeout(() => trainer.stop(), 30);
    expect((await run).reason).toBe('stopped');
  });

  it('right after fit lets no step happen', async () => {
    const {model, trainer, events} = setUp();
    const weights = weightsOf(model);
    const run = trainer.fit(samples(N));
    trainer.stop();
    expect(await run).toEqual({epoch: [], history: {loss: []}, reason: 'stopped'});
    expect(typesOf(events)).toEqual(['runBegin', 'runEnd']);
    expect(weightsOf(model)).toEqual(weights);
  });

  it('before a run means nothing to it', async () => {
    const {trainer} = setUp();
    trainer.stop();
    expect((await trainer.fit(samples(N))).reason).toBe('completed');
  });

  it('leaves no tensors behind, and the next run goes on', async () => {
    const {trainer} = setUp();
    const data = samples(N);
    await trainer.fit(data, {epochs: 2});
    await expectNoNewTensors(async () => {
      const run = trainer.fit(data, {epochs: 1000, batchSize: 2, validationData: data});
      setTimeout(() => trainer.stop(), 20);
      expect((await run).reason).toBe('stopped');
    });
    expect((await trainer.fit(data)).reason).toBe('completed');
  });
});

describe('an AbortSignal', () => {
  it('that is aborted already lets no step happen', async () => {
    const {model, trainer, events} = setUp();
    const weights = weightsOf(model);
    const {reason} = await trainer.fit(samples(N), {signal: AbortSignal.abort()});
    expect(reason).toBe('stopped');
    expect(typesOf(events)).not.toContain('step');
    expect(weightsOf(model)).toEqual(weights);
  });

  it('ends the run at the next step boundary', async () => {
    const {trainer, events} = setUp();
    const controller = new AbortController();
    trainer.events$.pipe(ofType('step')).subscribe(() => controller.abort());
    const {reason} = await trainer.fit(samples(N), {epochs: 3, batchSize: 2, signal: controller.signal});
    expect(reason).toBe('stopped');
    expect(typesOf(events).filter((type) => type === 'step')).toHaveLength(1);
  });

  it('of one run does not touch the next', async () => {
    const {trainer} = setUp();
    await trainer.fit(samples(N), {signal: AbortSignal.abort()});
    expect((await trainer.fit(samples(N))).reason).toBe('completed');
  });
});

describe('a second fit', () => {
  it('while one runs is refused and leaves the first alone', async () => {
    const {trainer} = setUp();
    const first = trainer.fit(samples(N), {epochs: 2});
    await expect(trainer.fit(samples(N))).rejects.toThrow(
      'Trainer.fit: a run is going on; await it, or stop() it first.',
    );
    expect((await first).reason).toBe('completed');
    expect((await trainer.fit(samples(N))).reason).toBe('completed');
  });

  it('trains on where the first ended', async () => {
    const once = setUp();
    await once.trainer.fit(samples(N), {epochs: 4, batchSize: 4, shuffle: false});
    const twice = setUp();
    await twice.trainer.fit(samples(N), {epochs: 2, batchSize: 4, shuffle: false});
    await twice.trainer.fit(samples(N), {epochs: 2, batchSize: 4, shuffle: false});
    expect(weightsOf(twice.model)).toEqual(weightsOf(once.model));
  });
});

describe('a step that fails', () => {
  it('leaves the weights as before it, moving averages included, and the next fit works', async () => {
    const {model, trainer, events} = setUp({transforms: [scaled({factor: 0.5}), failsAt(3)]});
    const data = samples(N);
    await trainer.fit(data, {epochs: 2});
    await expectNoNewTensors(() =>
      expect(trainer.fit(data, {epochs: 2, shuffle: false})).rejects.toThrow('boom at step 3'),
    );

    const other = setUp({transforms: [scaled({factor: 0.5})]});
    await other.trainer.fit(data, {epochs: 2});
    await other.trainer.fit(data, {epochs: 1, shuffle: false});
    expect(weightsOf(model)).toEqual(weightsOf(other.model));

    expect(events.at(-1)).toMatchObject({
      type: 'runEnd',
      reason: 'failed',
      error: {name: 'Error', message: 'boom at step 3'},
      step: 3,
    });
    expect(structuredClone(events.at(-1))).toEqual(events.at(-1));
    await expect(trainer.fit(data)).rejects.toThrow('boom at step 3');
  });

  it('in a learning-rate schedule neither moves a weight', async () => {
    const {model, trainer, events} = setUp({
      schedule: (step) => {
        if (step === 1) throw new RangeError('no rate');
        return 0.1;
      },
    });
    const data = samples(N);
    let weights: number[][] = [];
    trainer.events$.pipe(ofType('step')).subscribe(() => (weights = weightsOf(model)));
    await expect(trainer.fit(data, {epochs: 3})).rejects.toThrow('no rate');
    expect(weightsOf(model)).toEqual(weights);
    expect(events.at(-1)).toMatchObject({reason: 'failed', error: {name: 'RangeError', message: 'no rate'}});
  });

  it('with something that is no Error rejects with just that', async () => {
    const {trainer, events} = setUp();
    await expect(
      trainer.fit(async function* () {
        yield {xs: tf.ones([2, 3]), ys: tf.ones([2, 1])};
        throw 'plain text'; // oxlint-disable-line no-throw-literal
      }),
    ).rejects.toBe('plain text');
    expect(events.at(-1)).toMatchObject({reason: 'failed', error: {name: 'Error', message: 'plain text'}});
  });
});

describe('dispose', () => {
  it.each<readonly [string, () => tf.Optimizer]>([
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.1, 0.9)],
    ['adam', () => tf.train.adam(0.01)],
  ])('frees optimizer (%s) and transform state; the model stays usable', async (_, optimizer) => {
    const model = batchNormMlp();
    const data = samples(N);
    const before = tf.memory().numTensors;
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: optimizer(),
      transforms: [noisy(), heavyBall()],
      captures: [{name: 'ones', when: () => true, measure: () => ({a: {b: tf.scalar(1)}})}],
    });
    await trainer.fit(data, {epochs: 2, batchSize: 3, validationSplit: 0.25, earlyStopping: {}});
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    trainer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    trainer.dispose();
    expect((model.predict(data.x) as tf.Tensor).shape).toEqual([N, 1]);
  });

  it('during a run stops it first', async () => {
    const {model, trainer, events} = setUp({transforms: [heavyBall()]});
    const data = samples(N);
    let completed = false;
    trainer.events$.subscribe({complete: () => (completed = true)});
    const before = tf.memory().numTensors;
    const run = trainer.fit(data, {epochs: 1000, batchSize: 2});
    await new Promise((resolve) => setTimeout(resolve, 20));
    trainer.dispose();
    expect((await run).reason).toBe('stopped');
    expect(events.at(-1)).toMatchObject({type: 'runEnd', reason: 'stopped'});
    expect(completed).toBe(true);
    // Adam's two running powers of beta were there before.
    expect(tf.memory().numTensors).toBe(before - 2);
    expect(weightsOf(model).flat().every(Number.isFinite)).toBe(true);
  });

  it('is the end: fit then says so', async () => {
    const {trainer} = setUp();
    trainer.dispose();
    await expect(trainer.fit(samples(N))).rejects.toThrow('Trainer.fit: this trainer is disposed.');
  });

  it('before any run frees what there is', () => {
    const before = tf.memory().numTensors;
    const model = batchNormMlp();
    const weights = tf.memory().numTensors;
    createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.adam(0.1)}).dispose();
    expect(tf.memory().numTensors).toBe(weights);
    expect(weights).toBeGreaterThan(before);
  });
});

/** A transform whose state is a tensor per parameter. */
const heavyBall = (): NonNullable<TrainerOptions['transforms']>[number] => ({
  name: 'heavyBall',
  init: (params) => Object.fromEntries(Object.entries(params).map(([name, p]) => [name, tf.zerosLike(p)])),
  update: (grads, state) => {
    const sums = state as Record<string, tf.Tensor>;
    const next = Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, tf.add(g, sums[name]!)]));
    return [next, next];
  },
});
