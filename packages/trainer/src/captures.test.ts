import {type Capture, type CaptureContext, every, everyEpoch} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it, vi} from 'vitest';
import {
  expectNoNewTensors,
  mlp,
  numbers,
  parametersOf,
  record,
  samples,
  scaled,
  typesOf,
  useCpu,
  weightsOf,
} from '../fixtures/training.js';
import {createTrainer, type Trainer, type TrainerOptions} from './index.js';

useCpu();

const N = 8;

const trainerOf = (captures: readonly Capture[], parts: Partial<TrainerOptions> = {}): Trainer =>
  createTrainer({model: mlp(), loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1), captures, ...parts});

/** Measures the norm of every gradient. */
const norms = (name: string, when: Capture['when']): Capture => ({
  name,
  when,
  measure: ({gradients}) =>
    Object.fromEntries(Object.entries(gradients).map(([param, g]) => [param, {norm: tf.norm(g)}])),
});

describe('a capture', () => {
  it('measures when it is due, and only then', async () => {
    const third = vi.fn<Capture['measure']>(norms('third', every(3)).measure);
    const trainer = trainerOf([
      {name: 'third', when: every(3), measure: third},
      norms('epoch', everyEpoch()),
    ]);
    const events = record(trainer);
    await trainer.fit(samples(N), {epochs: 2, batchSize: 2});
    expect(
      events.flatMap((event) => (event.type === 'capture' ? [[event.capture, event.step, event.epoch]] : [])),
    ).toEqual([
      ['third', 0, 0],
      ['epoch', 0, 0],
      ['third', 3, 0],
      ['epoch', 4, 1],
      ['third', 6, 1],
    ]);
    expect(third).toHaveBeenCalledTimes(3);
  });

  it('is asked with step, epoch and batch', async () => {
    const when = vi.fn<Capture['when']>(() => false);
    await trainerOf([{name: 'never', when, measure: () => ({})}]).fit(samples(N), {epochs: 2, batchSize: 4});
    expect(when.mock.calls).toEqual([
      [0, {epoch: 0, batch: 0}],
      [1, {epoch: 0, batch: 1}],
      [2, {epoch: 1, batch: 0}],
      [3, {epoch: 1, batch: 1}],
    ]);
  });

  it('may be an object of a class', async () => {
    class Own implements Capture {
      readonly name = 'own';
      readonly #steps = 2;
      when(step: number): boolean {
        return step % this.#steps === 0;
      }
      measure() {
        return {all: {steps: tf.scalar(this.#steps)}};
      }
    }
    const trainer = trainerOf([new Own()]);
    const events = record(trainer);
    await trainer.fit(samples(N), {batchSize: 4});
    expect(events.filter(({type}) => type === 'capture')).toMatchObject([{values: {all: {steps: 2}}}]);
  });

  it('sees raw and transformed gradients, every stage between, weights before and after, and the loss', async () => {
    const model = mlp();
    const seen: Record<string, number[][]> = {};
    const values = (named: CaptureContext['gradients']): number[][] => Object.values(named).map(numbers);
    const look: Capture = {
      name: 'look',
      when: () => true,
      measure: (ctx) => {
        Object.assign(seen, {
          raw: values(ctx.rawGradients),
          last: values(ctx.gradients),
          before: values(ctx.weightsBefore),
          after: values(ctx.weightsAfter),
          loss: [numbers(ctx.loss)],
        });
        for (const {name, gradients} of ctx.stages) seen[`stage ${name}`] = values(gradients);
        expect(ctx).toMatchObject({step: 0, epoch: 0, batch: 0});
        expect(Object.keys(ctx.gradients)).toEqual(parametersOf(model));
        return {};
      },
    };
    const half = {...scaled({factor: 0.5}), name: 'half'};
    const double = {...scaled({factor: 4}), name: 'double'};
    const trainer = trainerOf([look], {model, transforms: [half, double]});
    const events = record(trainer);
    const before = weightsOf(model);
    await trainer.fit(samples(N));

    const times = (factor: number): number[][] => seen['raw']!.map((g) => g.map((v) => factor * v));
    expect(seen['stage raw']).toEqual(seen['raw']);
    expect(seen['stage half']).toEqual(times(0.5));
    expect(seen['stage double']).toEqual(times(2));
    expect(seen['last']).toEqual(times(2));
    expect(seen['before']).toEqual(before);
    expect(seen['after']).toEqual(weightsOf(model));
    seen['after']!.forEach((w, i) =>
      w.forEach((v, j) => expect(v).toBeCloseTo(before[i]![j]! - 0.1 * seen['last']![i]![j]!, 6)),
    );
    const step = events.find((event) => event.type === 'step')!;
    expect(seen['loss']).toEqual([[step.loss]]);
  });

  it('sends scalars as values, and larger tensors row by row as arrays', async () => {
    const trainer = trainerOf([
      {
        name: 'shapes',
        when: () => true,
        measure: () => ({
          a: {
            scalar: tf.scalar(1.5),
            one: tf.tensor1d([7]),
            matrix: tf.tensor2d([
              [1, 2],
              [3, 4],
            ]),
          },
          b: {whole: tf.scalar(3, 'int32'), yes: tf.scalar(true, 'bool'), empty: tf.zeros([0])},
        }),
      },
      {name: 'nothing', when: () => true, measure: () => ({})},
    ]);
    const events = record(trainer);
    await trainer.fit(samples(N));
    expect(events.filter(({type}) => type === 'capture')).toMatchObject([
      {
        capture: 'shapes',
        values: {a: {scalar: 1.5}, b: {whole: 3, yes: 1}},
        arrays: {
          a: {one: Float32Array.of(7), matrix: Float32Array.of(1, 2, 3, 4)},
          b: {empty: new Float32Array()},
        },
      },
      {capture: 'nothing', values: {}, arrays: {}},
    ]);
  });

  it('has holes where a parameter has no gradient', async () => {
    const [used, unused] = [
      tf.variable(tf.scalar(1), true, 'used'),
      tf.variable(tf.scalar(1), true, 'unused'),
    ];
    const trainer = createTrainer({
      model: (x) => tf.mul(x, used),
      variables: [used, unused],
      loss: (yTrue, yPred) => tf.losses.meanSquaredError(yTrue, yPred),
      optimizer: tf.train.adam(0.1),
      captures: [norms('norms', () => true)],
    });
    const events = record(trainer);
    await trainer.fit({x: tf.ones([2]), y: tf.zeros([2])});
    const capture = events.find((event) => event.type === 'capture');
    expect(Object.keys(capture!.values)).toEqual(['used']);
    expect(numbers(unused)).toEqual([1]);
  });
});

describe('reading back', () => {
  const reads = async (parts: Partial<TrainerOptions>): Promise<number> => {
    const data = vi.spyOn(tf.Tensor.prototype, 'data');
    const sync = vi.spyOn(tf.Tensor.prototype, 'dataSync');
    try {
      await trainerOf([], {...parts}).fit(samples(N), {batchSize: 1});
      expect(sync).not.toHaveBeenCalled();
      return data.mock.calls.length;
    } finally {
      data.mockRestore();
      sync.mockRestore();
    }
  };

  it('happens once per epoch if nobody asks for more', async () => {
    expect(await reads({readLoss: () => false})).toBe(1);
  });

  it('happens once per step at which captures are due, however many', async () => {
    const captures = [norms('a', every(4)), norms('b', every(2)), norms('c', () => false)];
    expect(await reads({readLoss: () => false, captures})).toBe(1 + 4);
  });

  it('happens once more where the loss is due', async () => {
    expect(await reads({readLoss: every(4)})).toBe(1 + 2);
  });
});

describe('captures', () => {
  it('leave no tensors behind', async () => {
    const trainer = trainerOf([norms('a', () => true), norms('b', every(2))], {
      transforms: [scaled({factor: 2})],
    });
    const data = samples(N);
    await expectNoNewTensors(() => trainer.fit(data, {epochs: 3, batchSize: 2}));
  });

  it('do not change the training', async () => {
    const [plain, watched] = [mlp(), mlp()];
    await trainerOf([], {model: plain}).fit(samples(N), {epochs: 2, batchSize: 2});
    await trainerOf([norms('a', every(3))], {model: watched}).fit(samples(N), {epochs: 2, batchSize: 2});
    expect(weightsOf(watched)).toEqual(weightsOf(plain));
  });

  it.each<readonly [string, Partial<Capture>]>([
    [
      'measure',
      {
        measure: () => {
          tf.ones([3]);
          throw new Error('cannot measure');
        },
      },
    ],
    [
      'when',
      {
        when: () => {
          throw new Error('cannot measure');
        },
      },
    ],
  ])('that throw in %s make the run fail and leak nothing', async (_, parts) => {
    const trainer = trainerOf([norms('good', () => true), {...norms('bad', () => true), ...parts}]);
    const events = record(trainer);
    const data = samples(N);
    await expectNoNewTensors(() => expect(trainer.fit(data)).rejects.toThrow('cannot measure'));
    expect(typesOf(events)).not.toContain('capture');
    expect(events.at(-1)).toMatchObject({
      type: 'runEnd',
      reason: 'failed',
      error: {message: 'cannot measure'},
    });
  });

  it('need names of their own', () => {
    expect(() => trainerOf([norms('same', every(1)), norms('same', every(2))])).toThrow(
      "createTrainer: two captures are named 'same'; events could not tell them apart.",
    );
  });
});
