import {
  accumulateGradients,
  type Capture,
  type CaptureContext,
  every,
  type GradientTransform,
  type LearningRateSchedule,
  mapTensors,
  masked,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {
  batchNormMlp,
  expectNoNewTensors,
  mlp,
  numbers,
  parametersOf,
  record,
  samples,
  scaled,
  useCpu,
  wave,
  weightsOf,
} from '../fixtures/training.js';
import {createTrainer, type StepEvent, type Trainer, type TrainerOptions} from './index.js';

useCpu();
afterEach(() => vi.restoreAllMocks());

const N = 8;

const trainerOf = (parts: Partial<TrainerOptions> = {}): Trainer =>
  createTrainer({model: mlp(), loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1), ...parts});

const everyOther = () => accumulateGradients({steps: 2});

/** Notes all gradients of every call, one after the other, and passes them. */
function spy(): {transform: GradientTransform; seen: number[][]} {
  const seen: number[][] = [];
  const transform = stateless('spy', {}, (grads) => {
    seen.push(Object.values(grads).flatMap(numbers));
    return grads;
  });
  return {transform, seen};
}

async function stepsOf(
  parts: Partial<TrainerOptions>,
  fit: Parameters<Trainer['fit']>[1],
): Promise<StepEvent[]> {
  const trainer = trainerOf(parts);
  const events = record(trainer);
  await trainer.fit(samples(N), fit);
  trainer.dispose();
  return events.filter((event): event is StepEvent => event.type === 'step');
}

describe('accumulation', () => {
  it.each<[string, () => tf.Optimizer]>([
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.1, 0.9)],
    ['adam', () => tf.train.adam(0.01)],
  ])('trains as with batches of four times the size, with %s', async (_name, make) => {
    const trained = async (batchSize: number, transforms: GradientTransform[]): Promise<number[]> => {
      const model = mlp();
      const trainer = trainerOf({model, optimizer: make(), transforms});
      await trainer.fit(samples(N), {epochs: 5, batchSize, shuffle: false});
      return weightsOf(model).flat();
    };
    const whole = await trained(N, []);
    const parts = await trained(N / 4, [accumulateGradients({steps: 4})]);
    parts.forEach((weight, i) => expect(weight).toBeCloseTo(whole[i]!, 5));
  });

  it('goes on in the next run where the last one has stopped', async () => {
    const {transform, seen} = spy();
    const trainer = trainerOf({transforms: [accumulateGradients({steps: 3}), transform]});
    for (let run = 0; run < 3; run++) await trainer.fit(samples(N), {batchSize: 4});
    expect([seen.length, trainer.optimizer.iterations, trainer.optimizer.skipped]).toEqual([2, 2, 4]);
  });

  it('leaves no tensors behind', async () => {
    const {x, y} = samples(N);
    const capture: Capture = {name: 'none', when: every(1), measure: () => ({})};
    const trainer = trainerOf({
      model: batchNormMlp(),
      transforms: [accumulateGradients({steps: 3})],
      captures: [capture],
    });
    await trainer.fit({x, y}, {epochs: 2, batchSize: 2});
    await expectNoNewTensors(() => trainer.fit({x, y}, {epochs: 20, batchSize: 2}));
  });
});

describe('a step that is skipped', () => {
  it('is told so in its event', async () => {
    const steps = await stepsOf({transforms: [everyOther()]}, {epochs: 2, batchSize: 2});
    expect(steps.map(({skipped}) => skipped)).toEqual([
      true,
      undefined,
      true,
      undefined,
      true,
      undefined,
      true,
      undefined,
    ]);
  });

  it('does not have the key in the event of an update', async () => {
    const steps = await stepsOf({transforms: [everyOther()]}, {batchSize: 4});
    expect(steps.map((step) => 'skipped' in step)).toEqual([true, false]);
  });

  it('counts as a batch, but not as a step', async () => {
    const steps = await stepsOf({transforms: [everyOther()]}, {epochs: 2, batchSize: 2});
    expect(steps.map(({step, epoch, batch}) => [step, epoch, batch])).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [1, 0, 2],
      [1, 0, 3],
      [2, 1, 0],
      [2, 1, 1],
      [3, 1, 2],
      [3, 1, 3],
    ]);
  });

  it('has its loss', async () => {
    const steps = await stepsOf({transforms: [everyOther()]}, {batchSize: 2});
    expect(steps.every(({loss}) => Number.isFinite(loss))).toBe(true);
  });

  it('counts for the loss of its epoch', async () => {
    const trainer = trainerOf({transforms: [accumulateGradients({steps: 100})]});
    const {history} = await trainer.fit(samples(N), {batchSize: 2});
    expect(history['loss']![0]).toBeCloseTo((await trainer.evaluate(samples(N)))['loss']!, 6);
  });

  it('asks the schedule for the rate of the step that is to come', async () => {
    const schedule = vi.fn<LearningRateSchedule>((step) => 1 / (1 + step));
    const steps = await stepsOf({transforms: [everyOther()], schedule}, {batchSize: 2});
    expect(schedule.mock.calls.map(([step, {batch}]) => [step, batch])).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [1, 3],
    ]);
    expect(steps.map(({learningRate}) => learningRate)).toEqual([1, 1, 0.5, 0.5]);
  });

  it('is measured by no capture', async () => {
    const measure = vi.fn<(ctx: CaptureContext) => Record<string, never>>(() => ({}));
    const trainer = trainerOf({
      transforms: [everyOther()],
      captures: [{name: 'look', when: every(1), measure}],
    });
    const events = record(trainer);
    await trainer.fit(samples(N), {batchSize: 2});
    expect(measure.mock.calls.map(([{step, batch}]) => [step, batch])).toEqual([
      [0, 1],
      [1, 3],
    ]);
    expect(events.filter(({type}) => type === 'capture').map(({step}) => step)).toEqual([0, 1]);
  });

  it('leaves a capture that is due to the update', async () => {
    const batches: number[] = [];
    const third: Capture = {
      name: 'third',
      when: every(3),
      measure: ({batch}) => (batches.push(batch), {}),
    };
    await stepsOf({transforms: [everyOther()], captures: [third]}, {batchSize: 1});
    expect(batches).toEqual([1, 7]);
  });

  it('applies no constraint', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 1,
          inputShape: [3],
          kernelInitializer: 'ones',
          kernelConstraint: tf.constraints.maxNorm({maxValue: 0.5, axis: 0}),
        }),
      ],
    });
    const norms: number[] = [];
    const trainer = trainerOf({model, optimizer: tf.train.sgd(0), transforms: [everyOther()]});
    trainer.events$.subscribe(({type}) => {
      if (type === 'step') norms.push(Math.hypot(...numbers(model.getWeights()[0]!)));
    });
    await trainer.fit(samples(N), {batchSize: 4});
    expect(norms).toEqual([expect.closeTo(Math.sqrt(3), 5), expect.closeTo(0.5, 5)]);
  });

  it('draws its own dropout', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dropout({rate: 0.5, inputShape: [16]}), tf.layers.dense({units: 1})],
    });
    const {transform, seen} = spy();
    const trainer = trainerOf({model, transforms: [transform, accumulateGradients({steps: 3})]});
    await trainer.fit({x: tf.ones([3, 16]), y: tf.ones([3, 1])}, {batchSize: 1});
    const kept = seen.map((values) => values.map((value) => value !== 0).join());
    expect(new Set(kept).size).toBe(3);
  });

  it('draws the dropout of the same seed again', async () => {
    const gradients = async (): Promise<number[][]> => {
      const model = tf.sequential({
        layers: [
          tf.layers.dropout({rate: 0.5, inputShape: [16]}),
          tf.layers.dense({units: 1, kernelInitializer: 'ones'}),
        ],
      });
      const {transform, seen} = spy();
      const trainer = trainerOf({model, seed: 3, transforms: [transform, everyOther()]});
      await trainer.fit({x: tf.ones([4, 16]), y: tf.ones([4, 1])}, {batchSize: 1});
      return seen;
    };
    expect(await gradients()).toEqual(await gradients());
  });

  it('does not bring the order of the epoch before back', async () => {
    const {transform, seen} = spy();
    const trainer = trainerOf({transforms: [transform, accumulateGradients({steps: 100})]});
    await trainer.fit(samples(N), {epochs: 2, batchSize: 1});
    const [first, second] = [seen.slice(0, N), seen.slice(N)];
    expect(second).not.toEqual(first);
    const sorted = (list: number[][]) => list.map((values) => values.join()).sort();
    expect(sorted(second)).toEqual(sorted(first));
  });

  it('moves moving averages all the same, as in PyTorch', async () => {
    const model = batchNormMlp();
    const before = weightsOf(model);
    await trainerOf({model, transforms: [accumulateGradients({steps: 100})]}).fit(samples(N), {
      batchSize: 4,
    });
    const moved = weightsOf(model).map((values, i) => values.join() !== before[i]!.join());
    const trained = new Set(parametersOf(model));
    const isAverage = model.weights.map((weight) => !trained.has((weight.read() as tf.Variable).name));
    expect(moved).toEqual(isAverage);
  });

  it('is a step like any other where other parameters move', async () => {
    const steps = await stepsOf({transforms: [masked('**/kernel', everyOther())]}, {batchSize: 2});
    expect(steps.map(({step, skipped}) => [step, skipped])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, undefined],
      [3, undefined],
    ]);
  });
});

describe('a transform of updates', () => {
  const halved = (): GradientTransform => ({
    ...scaled({factor: 0.5}),
    name: 'halved',
    on: 'updates',
  });

  it('is among the stages that a capture sees, while its gradients are those of the optimizer', async () => {
    const seen: unknown[] = [];
    const sizes: Record<string, number> = {};
    const size = (tensors: CaptureContext['gradients']) =>
      Math.hypot(...Object.values(tensors).flatMap(numbers));
    const look: Capture = {
      name: 'look',
      when: every(1),
      measure: ({stages, gradients}) => {
        seen.push(stages.map(({name}) => name));
        for (const stage of stages) sizes[stage.name] = size(stage.gradients);
        sizes['gradients'] = size(gradients);
        return {};
      },
    };
    const trainer = trainerOf({transforms: [halved(), scaled({factor: 3})], captures: [look]});
    await trainer.fit(samples(N));
    expect(seen).toEqual([['raw', 'scaled', 'updates', 'halved']]);
    expect(sizes['gradients']).toBe(sizes['scaled']);
    expect(sizes['updates']! / sizes['scaled']!).toBeCloseTo(0.1, 5);
    expect(sizes['halved']! / sizes['updates']!).toBeCloseTo(0.5, 5);
  });

  it('that throws ends the run with the weights as before, moving averages included', async () => {
    const model = batchNormMlp();
    const before = weightsOf(model);
    const broken: GradientTransform = {
      ...stateless('broken', {}, () => {
        throw new Error('on purpose');
      }),
      on: 'updates',
    };
    const trainer = trainerOf({model, optimizer: tf.train.adam(), transforms: [broken]});
    await expect(trainer.fit(samples(N))).rejects.toThrow(new Error('on purpose'));
    expect(weightsOf(model)).toEqual(before);
  });

  it('that leaves out all skips the step', async () => {
    const none: GradientTransform = {...stateless('none', {}, () => ({})), on: 'updates'};
    const steps = await stepsOf({transforms: [none]}, {batchSize: 4});
    expect(steps.map(({step, skipped}) => [step, skipped])).toEqual([
      [0, true],
      [0, true],
    ]);
  });

  it('sees what constraints will be applied to afterwards', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 1,
          inputShape: [3],
          useBias: false,
          kernelConstraint: tf.constraints.nonNeg(),
        }),
      ],
    });
    const far: GradientTransform = {
      ...stateless('far', {}, (updates) => mapTensors(updates, (u) => tf.onesLike(u).mul(-100))),
      on: 'updates',
    };
    await trainerOf({model, transforms: [far]}).fit({x: wave([4, 3]), y: wave([4, 1])});
    expect(weightsOf(model)).toEqual([[0, 0, 0].map((zero) => expect.closeTo(zero, 6) as number)]);
  });
});

describe('createTrainer', () => {
  const noise = stateless('noise', {}, (grads) => grads, {kind: 'noise'});
  const clip = stateless('clip', {}, (grads) => grads, {kind: 'clip', scope: 'global'});

  it('prints once what lintChain finds', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const trainer = trainerOf({transforms: [noise, clip]});
    await trainer.fit(samples(N), {epochs: 2});
    expect(warn.mock.calls).toEqual([
      [
        'lintChain:\n  noise before clip: the noise is cut or scaled with the gradient, so its variance is not what you have set. ' +
          "Add noise last.\nHide with tf.env().set('GRADWIRE_LINT', false).",
      ],
    ]);
  });

  it('goes by the order of transformOrder', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    trainerOf({transforms: [noise, clip], transformOrder: ['clip', 'noise']});
    expect(warn).not.toHaveBeenCalled();
  });

  it('prints nothing while GRADWIRE_LINT is false', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    tf.env().set('GRADWIRE_LINT', false);
    try {
      trainerOf({transforms: [noise, clip]});
    } finally {
      tf.env().set('GRADWIRE_LINT', true);
    }
    expect(warn).not.toHaveBeenCalled();
  });
});
