import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest';
import {
  compiled,
  heavyBall,
  loaded,
  lossOf,
  numbers,
  OPTIMIZERS,
  overBatches,
  saved,
  scaled,
  smallModel,
  trainOnBatches,
  WAYS,
  weightsOf,
  wobble,
} from '../fixtures/training.js';
import {limited, onUpdates, skips, spy} from '../fixtures/transforms.js';
import {
  accumulateGradients,
  chain,
  everyNSteps,
  type GradientOptimizer,
  type GradientTransform,
  masked,
  registerTransforms,
  shadow,
  type ShadowEffect,
  type ShadowReport,
  type StateTree,
  stateless,
  transformGradients,
  mapTensors,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerTransforms({heavyBall, scaled});
});
beforeEach(() => tf.disposeVariables());
afterEach(() => vi.restoreAllMocks());

type Values = Readonly<Record<string, readonly number[]>>;

/** The reports of some steps on the given gradients. */
async function reports(candidate: GradientTransform, ...steps: Values[]): Promise<ShadowReport[]> {
  const all: ShadowReport[] = [];
  const optimizer = transformGradients(
    tf.train.sgd(0.1),
    shadow(candidate, {report: (report) => all.push(report)}),
  );
  for (const [name, values] of Object.entries(Object.assign({}, ...steps) as Values)) {
    tf.variable(tf.ones([values.length]), true, name);
  }
  for (const step of steps) {
    tf.tidy(() =>
      optimizer.applyGradients(
        Object.fromEntries(Object.entries(step).map(([name, values]) => [name, tf.tensor1d([...values])])),
      ),
    );
  }
  await tf.nextFrame();
  return all;
}

/** Leaves out some parameters and changes the others by hand. */
const into = (change: Readonly<Record<string, readonly number[]>>): GradientTransform =>
  stateless('into', {}, () =>
    Object.fromEntries(Object.entries(change).map(([name, values]) => [name, tf.tensor1d([...values])])),
  );

/** The same by plain arithmetic in float64. */
function effect(before: readonly number[], after: readonly number[]): ShadowEffect {
  const [b, a] = [Math.hypot(...before), Math.hypot(...after)];
  const cosine = before.reduce((sum, x, i) => sum + (x / (b || 1)) * (after[i]! / (a || 1)), 0);
  return {before: b, after: a, cosine};
}

function expectClose(actual: ShadowEffect, expected: ShadowEffect): void {
  expect(actual.before / (expected.before || 1)).toBeCloseTo(expected.before === 0 ? 0 : 1, 5);
  expect(actual.after / (expected.after || 1)).toBeCloseTo(expected.after === 0 ? 0 : 1, 5);
  expect(actual.cosine).toBeCloseTo(expected.cosine, 5);
}

describe('the gradients', () => {
  describe.each<[string, () => GradientTransform]>([
    ['clips', () => limited({maxNorm: 1e-3})],
    ['remembers', () => heavyBall({decay: 0.9})],
    ['leaves out all', () => stateless('none', {}, () => ({}))],
    ['accumulates', () => accumulateGradients({steps: 2})],
    ['changes updates', () => onUpdates(limited({maxNorm: 1e-3}))],
  ])('pass bit for bit behind a candidate that %s', (_what, candidate) => {
    test.each(OPTIMIZERS)('with %s', async (_name, make) => {
      const trained = async (...transforms: GradientTransform[]): Promise<number[][]> => {
        const model = smallModel();
        const optimizer = transformGradients(make(), ...transforms);
        await overBatches(2, (batch) => void optimizer.minimize(() => lossOf(model, batch)));
        return weightsOf(model);
      };
      expect(await trained(wobble(), shadow(candidate(), {report: () => {}}))).toEqual(
        await trained(wobble()),
      );
    });
  });

  test('pass also where the candidate changes updates, and others change them too', async () => {
    const trained = async (...transforms: GradientTransform[]): Promise<number[][]> => {
      const model = smallModel();
      const optimizer = transformGradients(tf.train.adam(), ...transforms);
      await overBatches(2, (batch) => void optimizer.minimize(() => lossOf(model, batch)));
      return weightsOf(model);
    };
    const half = onUpdates(scaled({factor: 0.5}));
    expect(await trained(shadow(onUpdates(limited({maxNorm: 1e-3}))), half)).toEqual(await trained(half));
  });

  test('are what the transforms after it get', () => {
    const {transform, seen} = spy();
    tf.variable(tf.ones([2]), true, 'w');
    transformGradients(tf.train.sgd(0.1), shadow(scaled({factor: 2})), transform).applyGradients({
      w: tf.tensor1d([3, 4]),
    });
    expect(seen).toEqual([{w: [3, 4]}]);
  });
});

describe('a report', () => {
  test('tells name, step and what the candidate would have done', async () => {
    const [report] = await reports(limited({maxNorm: 1}), {w: [6, 8]});
    expect(report).toEqual({
      transform: 'limited',
      step: 0,
      before: 10,
      after: expect.closeTo(1, 6),
      cosine: expect.closeTo(1, 6),
      parameters: {w: {before: 10, after: expect.closeTo(1, 6), cosine: expect.closeTo(1, 6)}},
    });
  });

  test('comes after every step, in order', async () => {
    const all = await reports(limited({maxNorm: 1}), {w: [1]}, {w: [2]}, {w: [3]});
    expect(all.map(({step, before}) => [step, before])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  test('does not come before the step has ended', () => {
    const report = vi.fn<(report: ShadowReport) => void>();
    tf.variable(tf.ones([1]), true, 'w');
    const optimizer = transformGradients(tf.train.sgd(0.1), shadow(scaled({factor: 2}), {report}));
    optimizer.applyGradients({w: tf.tensor1d([1])});
    expect(report).not.toHaveBeenCalled();
  });

  const CASES: readonly [string, Values, Values][] = [
    ['a rotation', {w: [3, 4]}, {w: [-4, 3]}],
    ['a reversal', {w: [3, 4]}, {w: [-6, -8]}],
    [
      'different changes of several parameters',
      {a: [1, -2, 3], b: [0.5], c: [4, 4]},
      {a: [2, -1, 3], b: [-0.5], c: [0, 1]},
    ],
    ['a parameter that is left out', {a: [3, 4], b: [12]}, {b: [12]}],
    ['all parameters left out', {a: [3, 4], b: [12]}, {}],
    ['gradients of zero', {a: [0, 0], b: [0]}, {a: [0, 0], b: [0]}],
    ['gradients that become zero', {a: [1, 2], b: [3]}, {a: [0, 0], b: [0]}],
    ['gradients that come from zero', {a: [0, 0], b: [3]}, {a: [1, 2], b: [3]}],
    ['large gradients', {a: [3e30, 4e30], b: [-1e30]}, {a: [1e30, 4e30], b: [2e30]}],
    ['small gradients', {a: [3e-30, 4e-30], b: [-1e-30]}, {a: [1e-30, 4e-30], b: [2e-30]}],
    ['gradients of all sizes', {a: [3e30, 4e30], b: [1e-30]}, {a: [3e-30, -4e-30], b: [1e30]}],
    ['an empty parameter', {a: [], b: [1]}, {a: [], b: [2]}],
  ];

  describe.each(CASES)('of %s', (_what, before, after) => {
    const filled = (name: string): readonly number[] => after[name] ?? before[name]!.map(() => 0);

    test('has norms and cosine of all together', async () => {
      const [report] = await reports(into(after), before);
      const names = Object.keys(before);
      expectClose(
        report!,
        effect(
          names.flatMap((name) => before[name]!),
          names.flatMap(filled),
        ),
      );
    });

    test('has norms and cosine of every parameter', async () => {
      const [report] = await reports(into(after), before);
      expect(Object.keys(report!.parameters)).toEqual(Object.keys(before));
      for (const [name, values] of Object.entries(before)) {
        expectClose(report!.parameters[name]!, effect(values, filled(name)));
      }
    });
  });

  test('of a candidate that waits has after 0 until it is done', async () => {
    const all = await reports(accumulateGradients({steps: 3}), {w: [1]}, {w: [2]}, {w: [6]}, {w: [1]});
    expect(all.map(({after, cosine}) => [after, cosine])).toEqual([
      [0, 0],
      [0, 0],
      [3, 1],
      [0, 0],
    ]);
  });

  test('of no gradients at all is zero', async () => {
    const [, empty] = await reports(skips({calls: []}), {w: [1]}, {});
    expect(empty).toEqual({transform: 'skips', step: 1, before: 0, after: 0, cosine: 0, parameters: {}});
  });

  test('comes at the steps that everyNSteps picks', async () => {
    const seen: number[] = [];
    tf.variable(tf.ones([1]), true, 'w');
    const candidate = shadow(scaled({factor: 2}), {report: ({step}) => seen.push(step)});
    const optimizer = transformGradients(tf.train.sgd(0.1), everyNSteps(3, candidate));
    for (let i = 0; i < 7; i++) optimizer.applyGradients({w: tf.tensor1d([1])});
    await tf.nextFrame();
    expect(seen).toEqual([0, 3, 6]);
  });

  test('behind a mask is about the selected only', async () => {
    const seen: ShadowReport[] = [];
    for (const name of ['a', 'b']) tf.variable(tf.ones([1]), true, name);
    const candidate = shadow(scaled({factor: 2}), {report: (report) => seen.push(report)});
    transformGradients(tf.train.sgd(0.1), masked('a', candidate)).applyGradients({
      a: tf.tensor1d([1]),
      b: tf.tensor1d([2]),
    });
    await tf.nextFrame();
    expect(Object.keys(seen[0]!.parameters)).toEqual(['a']);
  });

  test('that throws is logged, and training goes on', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const w = tf.variable(tf.tensor1d([1]), true, 'w');
    const error = new Error('on purpose');
    const optimizer = transformGradients(
      tf.train.sgd(0.25),
      shadow(scaled({factor: 2}), {
        report: () => {
          throw error;
        },
      }),
    );
    for (let i = 0; i < 2; i++) {
      optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
      await tf.nextFrame();
    }
    expect(log.mock.calls).toEqual([
      ['shadow: report has thrown.', error],
      ['shadow: report has thrown.', error],
    ]);
    expect(numbers(w)).toEqual([0.25]);
  });

  test('may train on', async () => {
    const w = tf.variable(tf.tensor1d([1]), true, 'w');
    const steps: number[] = [];
    const candidate = shadow(scaled({factor: 2}), {
      report: ({step}) => {
        steps.push(step);
        if (step === 0) optimizer.applyGradients({w: tf.tensor1d([1])});
      },
    });
    const optimizer: GradientOptimizer = transformGradients(tf.train.sgd(0.25), candidate);
    optimizer.applyGradients({w: tf.tensor1d([1])});
    await vi.waitUntil(() => steps.length === 2);
    expect([steps, numbers(w)]).toEqual([[0, 1], [0.5]]);
  });
});

describe('the candidate', () => {
  test('has its state, as if it were applied', async () => {
    const all = await reports(heavyBall({decay: 1}), {w: [1]}, {w: [1]}, {w: [1]});
    expect(all.map(({after}) => after)).toEqual([1, 2, 3]);
  });

  test.each<[string, GradientTransform, Error]>([
    [
      'that throws',
      stateless('broken', {}, () => {
        throw new Error('on purpose');
      }),
      new Error('on purpose'),
    ],
    [
      'that breaks its contract',
      into({w: [1, 2]}),
      new Error("transform 'into': update returned shape [2] for 'w', which has [1]."),
    ],
  ])('%s is logged, and changes nothing', (_what, candidate, error) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const report = vi.fn<() => void>();
    const w = tf.variable(tf.tensor1d([1]), true, 'w');
    const optimizer = transformGradients(tf.train.sgd(0.25), shadow(candidate, {report}));
    optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
    expect(numbers(w)).toEqual([0.5]);
    expect(log.mock.calls).toEqual([[`shadow: '${candidate.name}' has thrown in step 0.`, error]]);
    expect(report).not.toHaveBeenCalled();
    log.mockRestore();
  });

  test('that throws goes on from its state', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const flaky: GradientTransform = {
      name: 'flaky',
      init: () => 0,
      update(grads, state, {step}) {
        if (step === 1) throw new Error('once');
        return [mapTensors(grads, (g) => tf.mul(g, (state as number) + 1)), (state as number) + 1];
      },
    };
    tf.variable(tf.tensor1d([1]), true, 'w');
    const seen: number[][] = [];
    const report = ({step, after}: ShadowReport): void => void seen.push([step, after]);
    const optimizer = transformGradients(tf.train.sgd(0.1), shadow(flaky, {report}));
    for (let step = 0; step < 3; step++) optimizer.applyGradients({w: tf.tensor1d([1])});
    await vi.waitUntil(() => seen.length === 2);
    expect(seen).toEqual([
      [0, 1],
      [2, 2],
    ]);
    vi.restoreAllMocks();
  });

  test('knows of nobody who looks', () => {
    const transform = shadow(scaled({factor: 2}));
    expect(transform.parts).toBeUndefined();
  });
});

describe('a tap', () => {
  test('sees the result of the candidate, then the gradients as they are', () => {
    tf.variable(tf.ones([2]), true, 'w');
    const seen: [string, number[]][] = [];
    const optimizer = transformGradients(tf.train.sgd(0.1), shadow(scaled({factor: 2})), scaled({factor: 3}));
    optimizer.applyGradients({w: tf.tensor1d([1, 2])}, (stage, {w}) => seen.push([stage, numbers(w!)]));
    expect(seen).toEqual([
      ['raw', [1, 2]],
      ['shadow(scaled)', [2, 4]],
      ['shadow', [1, 2]],
      ['scaled', [3, 6]],
    ]);
  });

  test('sees that of updates among the updates', () => {
    tf.variable(tf.ones([1]), true, 'w');
    const seen: string[] = [];
    const optimizer = transformGradients(tf.train.sgd(0.1), shadow(onUpdates(scaled({factor: 2}))));
    optimizer.applyGradients({w: tf.tensor1d([1])}, (stage, _, on) => seen.push(`${stage} on ${on}`));
    expect(seen).toEqual([
      'raw on gradients',
      'updates on updates',
      'shadow(scaled) on updates',
      'shadow on updates',
    ]);
  });

  test('sees it inside a chain, too', () => {
    tf.variable(tf.ones([1]), true, 'w');
    const seen: string[] = [];
    const optimizer = transformGradients(tf.train.sgd(0.1), chain(shadow(scaled({factor: 2}))));
    optimizer.applyGradients({w: tf.tensor1d([1])}, (stage) => seen.push(stage));
    expect(seen).toEqual(['raw', 'shadow(scaled)', 'chain']);
  });
});

describe('memory', () => {
  test.each(WAYS)('stays constant under %s', async (_way, train) => {
    const optimizer = transformGradients(
      tf.train.adam(),
      shadow(heavyBall({decay: 0.5}), {report: () => {}}),
    );
    const model = compiled(optimizer);
    await train(model, optimizer, 1);
    await tf.nextFrame();
    const before = tf.memory().numTensors;
    await train(model, optimizer, 20);
    await tf.nextFrame();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('is freed with the optimizer', async () => {
    const before = tf.memory().numTensors;
    const optimizer = transformGradients(tf.train.sgd(0.1), shadow(heavyBall({decay: 0.5})));
    const model = compiled(optimizer);
    await trainOnBatches(model, optimizer, 1);
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('is not read back where nobody has asked for a report', () => {
    const w = tf.variable(tf.tensor1d([1]), true, 'w');
    const optimizer = transformGradients(tf.train.sgd(0.1), shadow(limited({maxNorm: 1})));
    const reads = [vi.spyOn(tf.engine(), 'read'), vi.spyOn(tf.engine(), 'readSync')];
    optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
    expect(reads.map((read) => read.mock.calls.length)).toEqual([0, 0]);
  });

  test('is read back once per step where somebody has', () => {
    const w = tf.variable(tf.tensor1d([1]), true, 'w');
    const optimizer = transformGradients(
      tf.train.sgd(0.1),
      shadow(limited({maxNorm: 1}), {report: () => {}}),
    );
    const reads = [vi.spyOn(tf.engine(), 'read'), vi.spyOn(tf.engine(), 'readSync')];
    for (let i = 0; i < 3; i++) optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
    expect(reads.map((read) => read.mock.calls.length)).toEqual([3, 0]);
  });
});

describe('saving and loading', () => {
  test('goes on with the state of the candidate', async () => {
    const states: StateTree[] = [];
    const counting = (): GradientTransform => ({
      name: 'counting',
      config: {},
      init: () => 0,
      update: (grads, count) => (states.push(count), [grads, (count as number) + 1]),
    });
    registerTransforms({counting});
    const model = compiled(transformGradients(tf.train.sgd(0.1), shadow(counting())));
    await model.trainOnBatch(tf.ones([4, 3]), tf.ones([4, 1]));
    const twin = await loaded(await saved(model));
    await twin.trainOnBatch(tf.ones([4, 3]), tf.ones([4, 1]));
    expect(states).toEqual([0, 1]);
  });

  test('refuses a report', async () => {
    function print() {}
    const model = compiled(
      transformGradients(tf.train.sgd(0.1), shadow(scaled({factor: 2}), {report: print})),
    );
    await expect(saved(model)).rejects.toThrow(
      new Error(
        "transform 'shadow': option 'report' cannot be saved, JSON does not know the function print.",
      ),
    );
  });
});

test.each<[string, unknown[], string]>([
  ['nothing', [], 'transform must be a GradientTransform, got undefined. Call shadow(transform, {report}).'],
  [
    'a factory',
    [scaled],
    'transform must be a GradientTransform, got the function scaled. Was the factory not called?',
  ],
  [
    'a report that is none',
    [scaled({factor: 1}), {report: 'print'}],
    "report must be a function, got the string 'print'.",
  ],
  [
    'a function in place of options',
    [scaled({factor: 1}), () => {}],
    'options must be an object, e.g. shadow(transform, {report: console.log}), got an anonymous function.',
  ],
  ['an unknown option', [scaled({factor: 1}), {log: () => {}}], "there is no option 'log'. Options: report."],
])('refuses %s', (_name, args, message) => {
  expect(() => shadow(...(args as Parameters<typeof shadow>))).toThrow(new TypeError(`shadow: ${message}`));
});

test('is frozen', () => {
  expect(Object.isFrozen(shadow(scaled({factor: 1})))).toBe(true);
});
