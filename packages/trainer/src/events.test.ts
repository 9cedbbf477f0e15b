import * as tf from '@tensorflow/tfjs';
import {config, first, map, Subscription} from 'rxjs';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {failsAt, mlp, parametersOf, record, samples, scaled, typesOf, useCpu} from '../fixtures/training.js';
import {
  createTrainer,
  type EventConsumer,
  ofType,
  type Trainer,
  type TrainerOptions,
  type TrainingEvent,
} from './index.js';

useCpu();

const N = 8;

const trainerOf = (parts: Partial<TrainerOptions> = {}): Trainer =>
  createTrainer({model: mlp(), loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1), ...parts});

const ones = (name: string): NonNullable<TrainerOptions['captures']>[number] => ({
  name,
  when: () => true,
  measure: () => ({all: {one: tf.scalar(1), two: tf.ones([2])}}),
});

const afterTimers = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('the order of events', () => {
  it('is that of the documentation', async () => {
    const trainer = trainerOf({captures: [ones('a'), ones('b')]});
    const events = record(trainer);
    await trainer.fit(samples(N), {epochs: 2, batchSize: 4, validationSplit: 0.25});
    const step = ['step', 'capture', 'capture'];
    const epoch = ['epochBegin', ...step, ...step, 'epochEnd'];
    expect(typesOf(events)).toEqual(['runBegin', ...epoch, ...epoch, 'runEnd']);
  });

  it('is the same for everybody, also when a subscriber sends an alert', async () => {
    const orders: string[][] = [[], []];
    const listener =
      (i: number): EventConsumer =>
      (events$) =>
        events$.subscribe((event) => orders[i]!.push(event.type));
    const trainer = createTrainer({
      model: mlp(),
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.1),
      remedies: [
        ({alert}) => ({
          name: 'alarm',
          consumers: [
            listener(0),
            (events$) =>
              events$.subscribe(({type}) => {
                if (type === 'runBegin' || type === 'step')
                  alert({rule: 'seen', severity: 'info', message: type});
              }),
            listener(1),
          ],
        }),
      ],
    });
    await trainer.fit(samples(N));
    expect(orders[0]).toEqual(['runBegin', 'alert', 'epochBegin', 'step', 'alert', 'epochEnd', 'runEnd']);
    expect(orders[1]).toEqual(orders[0]);
  });
});

describe('the fields of events', () => {
  it('say what the run is', async () => {
    const model = mlp();
    const trainer = trainerOf({
      model,
      optimizer: tf.train.adam(0.02),
      transforms: [scaled({factor: 1}), scaled({factor: 0.5})],
      metrics: ['mae'],
      captures: [ones('ones')],
      seed: 9,
    });
    const events = record(trainer);
    const began = Date.now();
    await trainer.fit(samples(N), {epochs: 2, batchSize: 3, validationData: samples(2)});

    const run = events[0]!.run;
    expect(run).toMatch(/^[0-9a-f]{32}$/);
    expect(events[0]).toEqual({
      type: 'runBegin',
      run,
      step: 0,
      epoch: 0,
      time: expect.any(Number),
      epochs: 2,
      stepsPerEpoch: 3,
      parameters: model.trainableWeights.map(({shape}, i) => ({name: parametersOf(model)[i], shape})),
      layers: expect.any(Array),
      transforms: ['scaled', 'scaled'],
      metrics: ['loss', 'mae', 'val_loss', 'val_mae'],
      optimizer: 'Adam',
      backend: 'cpu',
      seed: 9,
    });
    expect(events[1]).toEqual({type: 'epochBegin', run, step: 0, epoch: 0, time: expect.any(Number)});
    expect(events[2]).toEqual({
      type: 'step',
      run,
      step: 0,
      epoch: 0,
      time: expect.any(Number),
      batch: 0,
      size: 3,
      learningRate: 0.02,
      duration: expect.any(Number),
      loss: expect.any(Number),
    });
    expect(events[3]).toEqual({
      type: 'capture',
      run,
      step: 0,
      epoch: 0,
      time: expect.any(Number),
      capture: 'ones',
      values: {all: {one: 1}},
      arrays: {all: {two: Float32Array.of(1, 1)}},
    });
    const end = events.find(({type}) => type === 'epochEnd')!;
    expect(end).toEqual({
      type: 'epochEnd',
      run,
      step: 2,
      epoch: 0,
      time: expect.any(Number),
      logs: {
        loss: expect.any(Number),
        mae: expect.any(Number),
        val_loss: expect.any(Number),
        val_mae: expect.any(Number),
      },
      duration: expect.any(Number),
    });
    expect(events.at(-1)).toEqual({
      type: 'runEnd',
      run,
      step: 6,
      epoch: 1,
      time: expect.any(Number),
      reason: 'completed',
      duration: expect.any(Number),
    });
    const steps = events.filter((event) => event.type === 'step');
    expect(steps.map(({step, epoch, batch, size}) => [step, epoch, batch, size])).toEqual([
      [0, 0, 0, 3],
      [1, 0, 1, 3],
      [2, 0, 2, 2],
      [3, 1, 0, 3],
      [4, 1, 1, 3],
      [5, 1, 2, 2],
    ]);
    const times = events.map(({time}) => time);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(times[0]).toBeGreaterThan(began - 1000);
    expect(times.at(-1)).toBeLessThan(Date.now() + 1000);
  });

  it('count steps on and change the run from fit to fit', async () => {
    const trainer = trainerOf();
    const events = record(trainer);
    await trainer.fit(samples(N), {batchSize: 4});
    await trainer.fit(samples(N), {batchSize: 4});
    const begins = events.filter(({type}) => type === 'runBegin');
    expect(begins.map(({step, epoch}) => [step, epoch])).toEqual([
      [0, 0],
      [2, 0],
    ]);
    expect(begins[0]!.run).not.toBe(begins[1]!.run);
    expect(new Set(events.slice(-events.length / 2).map(({run}) => run)).size).toBe(1);
  });

  it('leave out the number of steps where nobody knows it', async () => {
    const trainer = trainerOf();
    const events = record(trainer);
    const {x, y} = samples(4);
    await trainer.fit(() => [{xs: tf.clone(x), ys: tf.clone(y)}]);
    expect(events[0]).not.toHaveProperty('stepsPerEpoch');
  });

  it('are frozen plain data that survive postMessage', async () => {
    const trainer = trainerOf({
      captures: [ones('ones')],
      remedies: [{name: 'fresh', initialize: {'**/kernel': ({shape}) => tf.zeros([...shape])}}],
      transforms: [failsAt(5)],
    });
    const events = record(trainer);
    await trainer.fit(samples(N), {epochs: 3, validationData: samples(2)});
    await expect(trainer.fit(samples(N), {epochs: 3})).rejects.toThrow('boom');
    for (const event of events) {
      expect(structuredClone(event)).toEqual(event);
      expectFrozen(event);
    }
    expect(new Set(typesOf(events))).toEqual(
      new Set(['runBegin', 'remedy', 'epochBegin', 'step', 'capture', 'epochEnd', 'runEnd']),
    );
  });

  it('hold nothing that the caller can change later', async () => {
    const trainer = trainerOf();
    const events = record(trainer);
    const {history} = await trainer.fit(samples(N));
    const end = events.find((event) => event.type === 'epochEnd')!;
    expect(end.logs).toEqual({loss: history['loss']![0]});
    (history['loss'] as number[]).push(7);
    expect(end.logs).toEqual({loss: history['loss']![0]});
  });
});

function expectFrozen(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  expect(Object.isFrozen(value)).toBe(true);
  for (const item of Object.values(value)) expectFrozen(item);
}

describe('the stream', () => {
  it('is hot: who comes late sees the rest', async () => {
    const trainer = trainerOf();
    const late: string[] = [];
    trainer.events$
      .pipe(ofType('step'), first())
      .subscribe(() => trainer.events$.subscribe(({type}) => late.push(type)));
    await trainer.fit(samples(N), {batchSize: 4});
    expect(late).toEqual(['step', 'epochEnd', 'runEnd']);
  });

  it('does not stop the run when somebody goes', async () => {
    const trainer = trainerOf();
    const all = record(trainer);
    const seen: string[] = [];
    const subscription = trainer.events$.subscribe(({type}) => {
      seen.push(type);
      if (type === 'step') subscription.unsubscribe();
    });
    expect((await trainer.fit(samples(N), {epochs: 2, batchSize: 4})).reason).toBe('completed');
    expect(seen).toEqual(['runBegin', 'epochBegin', 'step']);
    expect(typesOf(all).filter((type) => type === 'step')).toHaveLength(4);
  });

  it('outlives a run and completes when the trainer is disposed', async () => {
    let completed = 0;
    const trainer = trainerOf();
    trainer.events$.subscribe({complete: () => completed++});
    await trainer.fit(samples(N));
    await trainer.fit(samples(N));
    expect(completed).toBe(0);
    trainer.dispose();
    expect(completed).toBe(1);
  });
});

describe('consumers', () => {
  it('are subscribed once per trainer and unsubscribed by dispose', async () => {
    const subscription = new Subscription();
    const consumer = vi.fn<EventConsumer>((events$) => {
      subscription.add(events$.subscribe(() => {}));
      return subscription;
    });
    const trainer = trainerOf({consumers: [consumer]});
    await trainer.fit(samples(N));
    await trainer.fit(samples(N));
    expect(consumer).toHaveBeenCalledTimes(1);
    expect(consumer.mock.calls[0]![0]).toBe(trainer.events$);
    expect(subscription.closed).toBe(false);
    trainer.dispose();
    expect(subscription.closed).toBe(true);
  });
});

describe('a subscriber that throws', () => {
  const printed = vi.spyOn(console, 'error');
  afterEach(() => {
    config.onUnhandledError = null;
    printed.mockReset();
  });

  it.each<readonly [string, (trainer: Trainer) => void]>([
    [
      'in next',
      ({events$}) =>
        events$.subscribe(() => {
          throw new Error('in next');
        }),
    ],
    [
      'in an operator',
      ({events$}) =>
        events$
          .pipe(
            map(({type}) => {
              if (type === 'step') throw new Error('in an operator');
            }),
          )
          .subscribe(),
    ],
    [
      'in its handler of errors',
      ({events$}) =>
        events$
          .pipe(
            map(() => {
              throw new Error('first');
            }),
          )
          .subscribe({
            error: () => {
              throw new Error('second');
            },
          }),
    ],
    [
      'at the end of the run',
      ({events$}) =>
        events$.subscribe(({type}) => {
          if (type === 'runEnd') throw new Error('at the end');
        }),
    ],
  ])('%s never stops a run, and is printed', async (_, subscribe) => {
    printed.mockImplementation(() => {});
    const trainer = trainerOf();
    subscribe(trainer);
    const events = record(trainer);
    expect((await trainer.fit(samples(N), {epochs: 2})).reason).toBe('completed');
    await afterTimers();
    expect(typesOf(events).at(-1)).toBe('runEnd');
    expect(typesOf(events).filter((type) => type === 'step')).toHaveLength(2);
    expect(printed).toHaveBeenCalled();
    expect(printed.mock.calls[0]![0]).toContain('a subscriber of training events threw');
    expect(printed.mock.calls[0]![1]).toBeInstanceOf(Error);
    expect(config.onUnhandledError).toBe(null);
  });

  it('as a consumer neither', async () => {
    printed.mockImplementation(() => {});
    const seen: TrainingEvent[] = [];
    const trainer = trainerOf({
      consumers: [
        (events$) =>
          events$.subscribe(() => {
            throw new Error('consumer');
          }),
        (events$) => events$.subscribe((event) => seen.push(event)),
      ],
    });
    await trainer.fit(samples(N));
    await afterTimers();
    expect(seen).toHaveLength(5);
    expect(printed).toHaveBeenCalledTimes(5);
  });

  it('is told to the handler of the application, where there is one', async () => {
    const own = vi.fn<(error: unknown) => void>();
    config.onUnhandledError = own;
    const trainer = trainerOf();
    trainer.events$.subscribe(() => {
      throw new Error('mine');
    });
    await trainer.fit(samples(N));
    await afterTimers();
    expect(own).toHaveBeenCalledTimes(5);
    expect(printed).not.toHaveBeenCalled();
    expect(config.onUnhandledError).toBe(own);
  });

  it('leaves a handler alone that the application sets during the run', async () => {
    const own = vi.fn<(error: unknown) => void>();
    const trainer = trainerOf();
    trainer.events$.subscribe(({type}) => {
      if (type === 'step') config.onUnhandledError = own;
      if (type === 'epochEnd') throw new Error('mine');
    });
    await trainer.fit(samples(N));
    await afterTimers();
    expect(own).toHaveBeenCalledTimes(1);
    expect(config.onUnhandledError).toBe(own);
  });

  it('when the stream completes is survived, too', async () => {
    printed.mockImplementation(() => {});
    const trainer = trainerOf();
    trainer.events$.subscribe({
      complete: () => {
        throw new Error('at the very end');
      },
    });
    trainer.dispose();
    await afterTimers();
    expect(printed).toHaveBeenCalledTimes(1);
    expect(config.onUnhandledError).toBe(null);
  });

  it('is survived while runs overlap, and the switch is put back after the last', async () => {
    printed.mockImplementation(() => {});
    const trainers = [trainerOf(), trainerOf()] as const;
    for (const {events$} of trainers) {
      events$.subscribe(({type}) => {
        if (type === 'runEnd') throw new Error('late');
      });
    }
    await Promise.all([trainers[0].fit(samples(N)), trainers[1].fit(samples(N), {epochs: 20})]);
    await afterTimers();
    expect(printed).toHaveBeenCalledTimes(2);
    expect(config.onUnhandledError).toBe(null);
  });
});
