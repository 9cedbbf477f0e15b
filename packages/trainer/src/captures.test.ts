import {allOf, anyOf, type Capture, type CaptureContext, every, everyEpoch} from '@gradwire/core';
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
import {createTrainer, defineRemedy, type Trainer, type TrainerOptions} from './index.js';

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

  it('may return a table of scalars in one tensor', async () => {
    const values = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    const table = {subjects: ['a', 'b', 'c'], quantities: ['x', 'y']};
    const trainer = trainerOf([
      {name: 'table', when: every(9), measure: () => ({...table, values: tf.tensor2d(values)})},
      norms('after', every(9)),
    ]);
    const events = record(trainer);
    await trainer.fit(samples(N));
    expect(events.find((event) => event.type === 'capture')).toMatchObject({
      values: {a: {x: 1, y: 2}, b: {x: 3, y: 4}, c: {x: 5, y: 6}},
      arrays: {},
    });
  });

  it('measure once more at the end, before runEnd, whatever was due', async () => {
    const model = mlp();
    const last: Capture = {
      name: 'last',
      when: () => false,
      measure: () => ({}),
      finish: ({step, epoch, weights}) => ({
        all: {step: tf.scalar(step), epoch: tf.scalar(epoch), first: tf.clone(Object.values(weights)[0]!)},
      }),
    };
    const trainer = trainerOf([last], {model});
    const events = record(trainer);
    await trainer.fit(samples(N), {epochs: 3, batchSize: 4});
    expect(typesOf(events).slice(-3)).toEqual(['epochEnd', 'capture', 'runEnd']);
    expect(events.at(-2)).toMatchObject({
      step: 6,
      values: {all: {step: 6, epoch: 2}},
      arrays: {all: {first: Float32Array.from(weightsOf(model)[0]!)}},
    });
  });

  it('know the stages by unique names, before the run and in it', async () => {
    const seen: (readonly string[])[] = [];
    const look: Capture = {
      name: 'look',
      when: () => true,
      check: ({stages}) => seen.push(stages),
      measure: ({stages}) => (seen.push(stages.map(({name}) => name)), {}),
    };
    const onUpdates = {...scaled({factor: 1}), name: 'last', on: 'updates'} as const;
    await trainerOf([look], {transforms: [scaled({factor: 2}), onUpdates, scaled({factor: 2})]}).fit(
      samples(N),
    );
    const names = ['raw', 'scaled', 'scaled#2', 'updates', 'last'];
    expect(seen).toEqual([names, names]);
  });

  it('that reject what they are asked for do so before the first step', async () => {
    const model = mlp();
    const before = weightsOf(model);
    const reject = (): never => {
      throw new RangeError('no such thing');
    };
    const trainer = trainerOf([{...norms('bad', () => true), check: reject}], {model});
    const events = record(trainer);
    const data = samples(N);
    await expectNoNewTensors(() => expect(trainer.fit(data)).rejects.toThrow('no such thing'));
    expect(events).toEqual([]);
    expect(weightsOf(model)).toEqual(before);
  });

  it('tell a schedule within others once', async () => {
    const observe = vi.fn<NonNullable<Capture['when']['observe']>>();
    const shared = Object.assign(() => true, {observe});
    const captures = ['a', 'b', 'c'].map((name) => norms(name, allOf(every(2), anyOf(shared, every(3)))));
    await trainerOf(captures).fit(samples(N), {batchSize: 2});
    expect(observe).toHaveBeenCalledTimes(4);
  });

  it('tell their schedule what they have cost, at every step, and once where they share it', async () => {
    const observe = vi.fn<NonNullable<Capture['when']['observe']>>();
    const when = Object.assign((step: number) => step === 1, {observe});
    await trainerOf([norms('a', when), norms('b', when)]).fit(samples(N), {batchSize: 2});
    expect(observe.mock.calls.map(([{spent, trained}]) => [spent > 0, trained >= 0])).toEqual([
      [false, true],
      [true, true],
      [false, true],
      [false, true],
    ]);
  });
});

describe('captures that fail', () => {
  const later = (value: unknown, fails: boolean) => async (): Promise<never> => {
    if (fails) throw new Error('later');
    return value as never;
  };

  it.each<readonly [string, Partial<Capture>, string]>([
    ['measure later', {measure: later({}, false) as never}, 'measure must return {subject: {quantity: tensor}}, got a Promise'],
    ['fail to measure later', {measure: later({}, true) as never}, 'measure must return {subject: {quantity: tensor}}, got a Promise'],
    ['say later when', {when: later(false, true) as never}, 'when must return true or false, got a Promise'],
    ['return a map', {measure: () => new Map() as never}, 'measure must return {subject: {quantity: tensor}}, got a Map'],
    ['return a number for when', {when: (() => 1) as never}, 'when must return true or false, got the number 1'],
  ])('because they %s are reported, and end no process', async (_, parts, message) => {
    const trainer = trainerOf([{...norms('odd', () => true), ...parts}]);
    const events = record(trainer);
    await trainer.fit(samples(N));
    const failed = events.find((event) => event.type === 'captureFailed');
    expect(failed?.error.message).toContain(`capture 'odd': ${message}`);
  }); // prettier-ignore

  it('because they check later reject the run', async () => {
    const trainer = trainerOf([{...norms('odd', () => true), check: later(undefined, true) as never}]);
    await expect(trainer.fit(samples(N))).rejects.toThrow(
      "capture 'odd': check must throw or return, got a Promise.",
    );
  });

  it.each<readonly [string, (ctx: CaptureContext) => void]>([
    ['disposes the weights', ({weightsAfter}) => tf.dispose(Object.values(weightsAfter))],
    ['disposes the loss', ({loss}) => loss.dispose()],
    ['disposes the gradients', ({rawGradients}) => tf.dispose(Object.values(rawGradients))],
  ])('and one that %s it looks at does no harm to the training', async (_, harm) => {
    const [plain, watched] = [mlp(), mlp()];
    await trainerOf([], {model: plain}).fit(samples(N), {batchSize: 2});
    const harmful: Capture = {
      name: 'harmful',
      when: () => true,
      measure: (ctx) => (harm(ctx), {}),
      finish: ({weights}) => (tf.dispose(Object.values(weights)), {}),
    };
    const trainer = trainerOf([harmful], {model: watched});
    await trainer.fit(samples(N), {batchSize: 2});
    expect(weightsOf(watched)).toEqual(weightsOf(plain));
  });

  it('to name what they measure as objects name their own members do no harm', async () => {
    const names = ['constructor', '__proto__', 'toString'];
    const measured = () =>
      Object.fromEntries(names.map((name) => [name, Object.fromEntries([[name, tf.scalar(1)]])]));
    const trainer = trainerOf([{name: 'odd', when: every(1), measure: measured}]);
    const events = record(trainer);
    await trainer.fit(samples(N));
    const {values} = events.find((event) => event.type === 'capture')!;
    expect(Object.entries(values).map(([name, record_]) => [name, Object.entries(record_)])).toEqual(
      names.map((name) => [name, [[name, 1]]]),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  const cannot = (): never => {
    tf.ones([3]);
    throw new RangeError('cannot measure');
  };

  it.each<readonly [string, Partial<Capture>]>([
    ['measure', {measure: cannot}],
    ['when', {when: cannot}],
    ['finish', {when: () => false, finish: cannot}],
  ])(
    'in %s are reported by name; the training goes on, the others too, and nothing leaks',
    async (_, parts) => {
      const trainer = trainerOf([norms('good', () => true), {...norms('bad', () => true), ...parts}]);
      const events = record(trainer);
      const data = samples(N);
      await expectNoNewTensors(() => trainer.fit(data));
      expect(events.filter(({type}) => type === 'captureFailed')).toMatchObject([
        {capture: 'bad', error: {name: 'RangeError', message: 'cannot measure'}, disabled: false},
      ]);
      expect(events.filter(({type}) => type === 'capture')).toMatchObject([{capture: 'good'}]);
      expect(events.at(-1)).toMatchObject({type: 'runEnd', reason: 'completed'});
    },
  );

  it('three times in a row are left out for the rest of the run, and tried again in the next', async () => {
    const measure = vi.fn<Capture['measure']>(cannot);
    const trainer = trainerOf([{name: 'bad', when: every(1), measure}]);
    const events = record(trainer);
    await trainer.fit(samples(N), {batchSize: 1});
    const failures = (): unknown[] =>
      events.flatMap((event) => (event.type === 'captureFailed' ? [[event.step, event.disabled]] : []));
    expect(failures()).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ]);
    await trainer.fit(samples(N), {batchSize: 1});
    expect(measure).toHaveBeenCalledTimes(6);
  });

  it('now and then go on for ever', async () => {
    let calls = 0;
    const moody: Capture = {
      name: 'moody',
      when: every(1),
      measure: () => (calls++ % 3 === 2 ? {all: {one: tf.scalar(1)}} : cannot()),
    };
    const trainer = trainerOf([moody]);
    const events = record(trainer);
    await trainer.fit(samples(N), {epochs: 2, batchSize: 1});
    expect(calls).toBe(2 * N);
    expect(events.filter(({type}) => type === 'capture')).toHaveLength(5);
  });

  it.each<readonly [string, unknown, string]>([
    ['a tensor', tf.scalar(1), 'measure must return {subject: {quantity: tensor}}, got'],
    [
      'one tensor for each',
      {a: tf.ones([2, 1])},
      "measure must return {subject: {quantity: tensor}}, got a tensor of shape [2,1] for 'a'.",
    ],
    ['numbers', {a: {x: 1}}, "measure must return a tensor of numbers for 'a' and 'x', got"],
    [
      'a table of another shape',
      {subjects: ['a'], quantities: ['x', 'y'], values: tf.ones([3])},
      'values of 1 subjects and 2 quantities must have shape [1, 2], got [3].',
    ],
    [
      'a table that is turned',
      {subjects: ['a', 'b'], quantities: ['x', 'y', 'z'], values: tf.ones([3, 2])},
      'values of 2 subjects and 3 quantities must have shape [2, 3], got [3, 2].',
    ],
    [
      'a table with a subject twice',
      {subjects: ['a', 'a'], quantities: ['x'], values: tf.ones([2, 1])},
      "subject 'a' is there twice.",
    ],
    [
      'a table without values',
      {subjects: ['a'], quantities: ['x']},
      'measure must return a tensor of numbers as values, got',
    ],
  ])('by returning %s say what is expected', async (_, measured, message) => {
    const trainer = trainerOf([{name: 'odd', when: every(1), measure: () => measured as never}]);
    const events = record(trainer);
    await trainer.fit(samples(N));
    const failed = events.find((event) => event.type === 'captureFailed');
    expect(failed?.error.message).toContain(`capture 'odd': ${message}`);
  });

  it('because the device gives nothing back are all reported', async () => {
    const trainer = trainerOf([norms('a', every(1)), norms('b', every(1))], {readLoss: () => false});
    const events = record(trainer);
    const lost = vi.spyOn(tf.Tensor.prototype, 'data').mockRejectedValueOnce(new Error('device lost'));
    const data = samples(N);
    await expectNoNewTensors(() => trainer.fit(data));
    lost.mockRestore();
    expect(events.filter(({type}) => type === 'captureFailed')).toMatchObject([
      {capture: 'a', error: {message: 'device lost'}},
      {capture: 'b', error: {message: 'device lost'}},
    ]);
  });
});

describe('captures of one trainer', () => {
  it('need names of their own', () => {
    expect(() => trainerOf([norms('same', every(1)), norms('same', every(2))])).toThrow(
      "createTrainer: two captures are named 'same'; events could not tell them apart.",
    );
  });

  it('need names that no remedy has brought along', () => {
    const remedy = defineRemedy({name: 'watched', captures: [norms('same', every(1))]});
    expect(() => trainerOf([norms('same', every(1))], {remedies: [remedy]})).toThrow(
      "two captures are named 'same'; events could not tell them apart. The remedy 'watched' brings one.",
    );
  });

  it('come with remedies in one list, not in a list within it', () => {
    const remedies = [[defineRemedy({name: 'watched'})]] as never;
    expect(() => trainerOf([], {remedies})).toThrow('Spread it: ...remedies.');
  });
});
