import {every, type LearningRateSchedule, mapTensors, scheduleLearningRate, stateless} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {createTrainer} from './createTrainer.js';
import type {EventConsumer} from './eventConsumer.js';
import type {LiveTraining, TrainingEvent} from './index.js';
import type {TrainerServices} from './trainerServices.js';

const x = tf.tensor2d([[1], [2], [-1], [0.5]]);
const y = tf.tensor2d([[2], [4], [-2], [1]]);

type Options = Parameters<typeof createTrainer>[0];

/** Eight steps of one batch each; `watch` sees every event, and may ask for changes. */
async function train(
  watch: (event: TrainingEvent, services: TrainerServices) => void,
  options: Partial<Options> = {},
): Promise<{events: TrainingEvent[]; reason: string; weights: number[]}> {
  const events: TrainingEvent[] = [];
  const model = tf.sequential({
    layers: [tf.layers.dense({units: 1, inputShape: [1], kernelInitializer: 'zeros', useBias: false})],
  });
  const consumer: EventConsumer = (events$, services) =>
    events$.subscribe((event) => {
      events.push(event);
      watch(event, services);
    });
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.sgd(0.125),
    consumers: [consumer],
    ...options,
  });
  const {reason} = await trainer.fit({x, y}, {epochs: 8, shuffle: false});
  const weights = [...model.weights[0]!.read().dataSync()];
  trainer.dispose();
  model.dispose();
  return {events, reason, weights};
}

const ratesOf = (events: readonly TrainingEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'step' ? [event.learningRate] : []));
const lossesOf = (events: readonly TrainingEvent[]): (number | undefined)[] =>
  events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
const afterStep = (event: TrainingEvent, step: number): boolean =>
  event.type === 'step' && event.step === step;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('betweenSteps', () => {
  it('has a change made before the next step, once, in the order of asking', async () => {
    const made: string[] = [];
    await train((event, services) => {
      if (!afterStep(event, 2)) return;
      for (const name of ['a', 'b']) {
        services.betweenSteps(({step, epoch}) => void made.push(`${name} ${step} ${epoch}`));
      }
    });
    expect(made).toEqual(['a 3 3', 'b 3 3']);
  });

  it('waits for a change that takes its time', async () => {
    const order: string[] = [];
    await train((event, services) => {
      if (event.type === 'step') order.push(`step ${event.step}`);
      if (!afterStep(event, 0)) return;
      services.betweenSteps(async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        order.push('change');
      });
    });
    expect(order.slice(0, 3)).toEqual(['step 0', 'change', 'step 1']);
  });

  it('ends the run by what a change throws', async () => {
    await expect(
      train((event, services) => {
        if (afterStep(event, 2))
          services.betweenSteps(() => {
            throw new Error('no cure');
          });
      }),
    ).rejects.toThrow('no cure');
  });

  it('forgets what was asked for after the last step', async () => {
    const made: number[] = [];
    await train((event, services) => {
      if (event.type === 'runEnd') services.betweenSteps(({step}) => void made.push(step));
    });
    expect(made).toEqual([]);
  });
});

describe('scaleLearningRate', () => {
  const halveAfter2 = (event: TrainingEvent, services: TrainerServices): void => {
    if (afterStep(event, 2)) services.betweenSteps((training) => training.scaleLearningRate(0.5));
  };

  it("changes the optimizer's own rate", async () => {
    expect(ratesOf((await train(halveAfter2)).events)).toEqual([
      0.125, 0.125, 0.125, 0.0625, 0.0625, 0.0625, 0.0625, 0.0625,
    ]);
  });

  it('goes on top of a schedule', async () => {
    const schedule: LearningRateSchedule = (step) => 2 ** -step;
    expect(ratesOf((await train(halveAfter2, {schedule})).events)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((step) => 2 ** -step * (step > 2 ? 0.5 : 1)),
    );
  });

  it('goes on top of a schedule that the optimizer follows by itself', async () => {
    const optimizer = scheduleLearningRate(tf.train.sgd(1), (step) => 2 ** -step);
    // A step tells the rate before its update, which is what this optimizer had in the step before.
    expect(ratesOf((await train(halveAfter2, {optimizer})).events)).toEqual(
      [0, 0, 1, 2, 3, 4, 5, 6].map((step, i) => 2 ** -step * (i > 3 ? 0.5 : 1)),
    );
  });

  it('rejects what is no factor', async () => {
    await expect(
      train((event, services) => {
        if (afterStep(event, 0)) services.betweenSteps((training) => training.scaleLearningRate(-1));
      }),
    ).rejects.toThrow('scaleLearningRate: factor must be >= 0, got -1.');
  });
});

describe('snapshot', () => {
  const changeAndUndo =
    (options: {undo: boolean}) =>
    (event: TrainingEvent, services: TrainerServices): void => {
      if (!afterStep(event, 2)) return;
      services.betweenSteps((training: LiveTraining) => {
        const snapshot = training.snapshot();
        training.variables[0]!.assign(tf.tensor2d([[7]]));
        training.scaleLearningRate(0.01);
        training.optimizer.replaceTransforms([
          stateless('shrink', {}, (grads) => mapTensors(grads, (g) => tf.mul(g, 0.01))),
        ]);
        training.optimizer.reset();
        if (options.undo) snapshot.restore();
        snapshot.dispose();
      });
    };

  it.each<[string, () => Partial<Options>]>([
    ['without a schedule', () => ({optimizer: tf.train.momentum(0.1, 0.5)})],
    ['with one', () => ({optimizer: tf.train.momentum(0.1, 0.5), schedule: () => 0.1})],
    [
      'with one of the optimizer',
      () => ({optimizer: scheduleLearningRate(tf.train.momentum(0.1, 0.5), () => 0.1)}),
    ],
  ])('takes back whatever was changed, %s', async (_, momentum) => {
    const untouched = await train(() => {}, momentum());
    const undone = await train(changeAndUndo({undo: true}), momentum());
    const changed = await train(changeAndUndo({undo: false}), momentum());
    expect([undone.weights, lossesOf(undone.events)]).toEqual([
      untouched.weights,
      lossesOf(untouched.events),
    ]);
    expect(changed.weights).not.toEqual(untouched.weights);
  });

  it('leaves nothing behind', async () => {
    const tensorsOf = async (watch: Parameters<typeof train>[0]): Promise<number> => {
      const before = tf.memory().numTensors;
      await train(watch, {optimizer: tf.train.adam(0.1)});
      return tf.memory().numTensors - before;
    };
    const untouched = await tensorsOf(() => {});
    const restored = await tensorsOf((event, services) => {
      if (!afterStep(event, 2)) return;
      services.betweenSteps((training) => {
        const snapshot = training.snapshot();
        snapshot.restore();
        snapshot.dispose();
      });
    });
    // tfjs itself leaves the tensor behind that a weight was initialised with.
    expect(restored).toBe(untouched);
  });
});

describe('a loss that is not finite', () => {
  /** The fourth step's loss is NaN: its rate has thrown the weight away. */
  const explode: LearningRateSchedule = (step) => (step === 2 ? 1e38 : 0.125);
  /** Keeps a snapshot of the start, and goes back there. */
  const rescue = (): ((event: TrainingEvent, services: TrainerServices) => void) => {
    let restore = (): void => {};
    return (event, services) => {
      if (afterStep(event, 0)) {
        services.betweenSteps((training) => {
          const snapshot = training.snapshot();
          restore = () => {
            snapshot.restore();
            snapshot.dispose();
          };
        });
      }
      if (event.type === 'alert' && event.rule === 'nonFiniteLoss') services.betweenSteps(() => restore());
    };
  };

  it('ends the run where nobody steps in', async () => {
    expect((await train(() => {}, {schedule: explode})).reason).toBe('diverged');
  });

  it('does not where somebody asks to, and the batch counts as skipped', async () => {
    const {events, reason, weights} = await train(rescue(), {schedule: explode});
    expect(reason).toBe('completed');
    const skipped = events.filter((event) => event.type === 'step' && event.skipped === true);
    expect(skipped).toHaveLength(1);
    expect(skipped[0]).toMatchObject({step: 3, batch: 0});
    expect(weights[0]).toBeGreaterThan(0.5);
  });

  it('ends the run where what was asked for before is about something else', async () => {
    const {reason, events} = await train(
      (event, services) => {
        if (event.type === 'epochEnd') services.betweenSteps(() => {});
      },
      {schedule: explode, readLoss: every(100)},
    );
    expect(reason).toBe('diverged');
    expect(events.at(-2)).toMatchObject({type: 'alert', rule: 'nonFiniteLoss'});
  });

  it('is a step like others where a transform has made it harmless and somebody steps in', async () => {
    const harmless = stateless('harmless', {}, (grads) => mapTensors(grads, tf.zerosLike), {
      kind: 'guard',
      scope: 'global',
    });
    const poisoned = tf.tensor2d([[2], [4], [-2], [Number.NaN]]);
    const steps: (number | undefined)[] = [];
    let asked = 0;
    const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1]})]});
    const trainer = createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.1),
      transforms: [harmless],
      consumers: [
        (events$, services) =>
          events$.subscribe((event) => {
            if (event.type === 'step') steps.push(event.loss);
            if (event.type === 'alert') services.betweenSteps(() => void asked++);
          }),
      ],
    });
    const {reason} = await trainer.fit({x, y: poisoned}, {epochs: 3});
    expect([reason, steps.length, asked]).toEqual(['completed', 3, 2]);
  });
});

it('a schedule is told the logs of every epoch, before the next one begins', async () => {
  const told: [logs: Readonly<Record<string, number>>, asked: number][] = [];
  let asked = 0;
  const schedule: LearningRateSchedule = Object.assign(
    () => {
      asked++;
      return 0.125;
    },
    {observe: (logs: Readonly<Record<string, number>>) => void told.push([logs, asked])},
  );
  const {events} = await train(() => {}, {schedule, metrics: ['mae']});
  const logs = events.flatMap((event) => (event.type === 'epochEnd' ? [event.logs] : []));
  expect(told).toEqual(logs.map((entry, epoch) => [entry, epoch + 1]));
});
