import * as tf from '@tensorflow/tfjs';
import {beforeAll, beforeEach, describe, expect, test} from 'vitest';
import fixture from '../fixtures/accumulation.json' with {type: 'json'};
import {runTransform} from '../fixtures/runTransform.js';
import {
  allExamples,
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
} from '../fixtures/training.js';
import {limited, skips, spy} from '../fixtures/transforms.js';
import {
  accumulateGradients,
  chain,
  everyNSteps,
  type GradientTransform,
  masked,
  partition,
  registerTransforms,
  stateless,
  transformGradients,
} from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerTransforms({heavyBall, scaled});
});
beforeEach(() => tf.disposeVariables());

/** The five batches of an epoch make one update. */
const FIVE = () => accumulateGradients({steps: 5});
const steps = (...values: number[]) => values.map((a) => ({a}));

describe('the update of n batches', () => {
  test('has their mean', () => {
    const {grads} = runTransform(accumulateGradients({steps: 3}), ['a'], steps(1, 2, 6, 3, 3, 3));
    expect(grads).toEqual([{}, {}, {a: 3}, {}, {}, {a: 3}]);
  });

  test('is that of the batch itself where n is 1', () => {
    const {grads} = runTransform(accumulateGradients({steps: 1}), ['a'], steps(1, 2, 6));
    expect(grads).toEqual(steps(1, 2, 6));
  });

  describe.each(WAYS)('under %s', (_way, train) => {
    test.each(OPTIMIZERS)('is that of one batch of n times the size with %s', async (_name, make) => {
      const optimizer = transformGradients(make(), FIVE());
      const model = compiled(optimizer);
      await train(model, optimizer, 6);

      const whole = make();
      const reference = smallModel();
      const all = allExamples();
      for (let i = 0; i < 6; i++) whole.minimize(() => lossOf(reference, all));
      const expected = weightsOf(reference).flat();
      weightsOf(model)
        .flat()
        .forEach((weight, i) => expect(weight).toBeCloseTo(expected[i]!, 5));
    });
  });
});

describe('PyTorch', () => {
  type Make = () => tf.Optimizer;
  const MAKES: readonly [keyof typeof fixture.trained, Make][] = [
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.1, 0.9)],
    ['adam', () => tf.train.adam(0.01, 0.9, 0.999, 1e-7)],
  ];

  test.each(MAKES)(
    'comes to the same weights with %s, when gradients are clipped after accumulation',
    (name, make) => {
      const w = Object.fromEntries(
        Object.entries(fixture.first).map(([key, {shape, values}]) => [
          key,
          tf.variable(tf.tensor(values, shape), true, key),
        ]),
      );
      const {steps: n, maxNorm} = fixture;
      const optimizer = transformGradients(make(), accumulateGradients({steps: n}), limited({maxNorm}));
      fixture.batches.forEach(({xs, ys}, batch) => {
        optimizer.minimize(() => {
          const hidden = tf.tanh(
            tf.add(tf.matMul(tf.tensor2d(xs), w['hidden/kernel'] as tf.Tensor2D), w['hidden/bias']!),
          );
          const out = tf.add(tf.matMul(hidden, w['out/kernel'] as tf.Tensor2D), w['out/bias']!);
          return tf.mean(tf.square(tf.sub(out, tf.tensor2d(ys))));
        });
        if ((batch + 1) % n !== 0) return;
        const expected = fixture.trained[name].weights[(batch + 1) / n - 1] as Record<string, number[]>;
        for (const [key, variable] of Object.entries(w)) {
          const largest = Math.max(...expected[key]!.map(Math.abs));
          const errors = numbers(variable).map((x, i) => Math.abs(x - expected[key]![i]!) / largest);
          expect(Math.max(...errors), `${key} after batch ${batch}`).toBeLessThan(1e-6);
        }
      });
    },
  );
});

describe('what stands after it', () => {
  test('runs once per update', async () => {
    const {transform, seen} = spy();
    const optimizer = transformGradients(tf.train.sgd(0.1), FIVE(), transform);
    await trainOnBatches(compiled(optimizer), optimizer, 3);
    expect(seen.length).toBe(3);
  });

  test('gets the mean', () => {
    const w = tf.variable(tf.scalar(0), true, 'w');
    const {transform, seen} = spy();
    const optimizer = transformGradients(tf.train.sgd(0), accumulateGradients({steps: 2}), transform);
    for (const slope of [10, -4]) optimizer.minimize(() => tf.mul(slope, w) as tf.Scalar);
    expect(seen).toEqual([{w: [3]}]);
  });

  test('counts updates as steps', async () => {
    const counted: number[] = [];
    const counter = stateless('counter', {}, (grads, {step}) => (counted.push(step), grads));
    const optimizer = transformGradients(tf.train.sgd(0.1), FIVE(), counter);
    await trainOnBatches(compiled(optimizer), optimizer, 3);
    expect(counted).toEqual([0, 1, 2]);
  });

  test('keeps its state in between', () => {
    const w = tf.variable(tf.scalar(0), true, 'w');
    const {transform, seen} = spy();
    const optimizer = transformGradients(
      tf.train.sgd(0),
      accumulateGradients({steps: 2}),
      heavyBall({decay: 1}),
      transform,
    );
    for (const slope of [1, 3, 5, 7]) optimizer.minimize(() => tf.mul(slope, w) as tf.Scalar);
    expect(seen).toEqual([{w: [2]}, {w: [8]}]);
  });
});

describe('the optimizer', () => {
  test('counts updates in iterations and the other steps in skipped', async () => {
    const optimizer = transformGradients(tf.train.adam(), FIVE());
    await trainOnBatches(compiled(optimizer), optimizer, 3);
    expect([optimizer.iterations, optimizer.inner.iterations, optimizer.skipped]).toEqual([3, 3, 12]);
  });

  test('moves no weight before the last batch', () => {
    const w = tf.variable(tf.scalar(1), true, 'w');
    const optimizer = transformGradients(tf.train.adam(), accumulateGradients({steps: 3}));
    const values = Array.from({length: 3}, () => {
      optimizer.minimize(() => tf.square(w) as tf.Scalar);
      return numbers(w)[0];
    });
    expect(values).toEqual([1, 1, expect.closeTo(0.999, 6)]);
  });
});

describe('a parameter that has no gradient', () => {
  const run = (...given: Record<string, number>[]) =>
    runTransform(accumulateGradients({steps: 3}), ['a', 'b'], given).grads;

  test('in some batches counts as zero in them', () => {
    expect(run({a: 3, b: 3}, {a: 3}, {a: 3, b: 6})[2]).toEqual({a: 3, b: 3});
  });

  test('in the last batch gets what it has had in the next update', () => {
    const ones = {a: 1, b: 1};
    expect(run({a: 3, b: 6}, ones, {a: 2}, {}, ones, {a: 2, b: 1})).toEqual([
      {},
      {},
      {a: 2},
      {},
      {},
      {a: 1, b: 3},
    ]);
  });

  test('in any batch never has one', () => {
    expect(run({a: 1}, {a: 1}, {a: 1})).toEqual([{}, {}, {a: 1}]);
  });

  test('and joins in the middle of a window counts from there', () => {
    const [a, b] = [tf.variable(tf.scalar(0), true, 'a'), tf.variable(tf.scalar(0), true, 'b')];
    const optimizer = transformGradients(tf.train.sgd(1), accumulateGradients({steps: 2}));
    optimizer.minimize(() => tf.mul(2, a) as tf.Scalar, false, [a]);
    optimizer.minimize(() => tf.add(tf.mul(4, a), tf.mul(6, b)) as tf.Scalar, false, [a, b]);
    expect([numbers(a), numbers(b)]).toEqual([[-3], [-3]]);
  });
});

describe('in the middle of a window', () => {
  test.each(OPTIMIZERS)('saving and loading goes on bit for bit with %s', async (_name, make) => {
    const trained = async (
      pause: (model: tf.LayersModel) => Promise<tf.LayersModel>,
    ): Promise<number[][]> => {
      const optimizer = transformGradients(make(), accumulateGradients({steps: 3}), heavyBall({decay: 0.5}));
      let model: tf.LayersModel = compiled(optimizer);
      let batches = 0;
      await overBatches(3, async ({xs, ys}) => {
        await model.trainOnBatch(xs, ys);
        if (++batches === 7) model = await pause(model);
      });
      return weightsOf(model);
    };
    const expected = await trained(async (model) => model);
    tf.disposeVariables();
    expect(await trained(async (model) => loaded(await saved(model)))).toEqual(expected);
  });

  test('a step that fails does not count and can be tried again', () => {
    const w = tf.variable(tf.scalar(0), true, 'w');
    let fails = false;
    const flaky = stateless('flaky', {}, (grads) => {
      if (fails) throw new Error('on purpose');
      return grads;
    });
    const optimizer = transformGradients(tf.train.sgd(1), flaky, accumulateGradients({steps: 2}), flaky);
    const step = (slope: number) => optimizer.minimize(() => tf.mul(slope, w) as tf.Scalar);
    step(1);
    fails = true;
    expect(() => step(3)).toThrow('on purpose');
    fails = false;
    step(3);
    expect(numbers(w)).toEqual([-2]);
  });

  test('an update that fails after it keeps the window', () => {
    const w = tf.variable(tf.scalar(0), true, 'w');
    let calls = 0;
    const flaky = stateless('flaky', {}, (grads) => {
      if (calls++ === 0) throw new Error('on purpose');
      return grads;
    });
    const optimizer = transformGradients(tf.train.sgd(1), accumulateGradients({steps: 2}), flaky);
    const step = (slope: number) => optimizer.minimize(() => tf.mul(slope, w) as tf.Scalar);
    step(1);
    expect(() => step(3)).toThrow('on purpose');
    step(5);
    expect(numbers(w)).toEqual([-3]);
  });
});

describe('inside', () => {
  test('masked, the others go on being updated', () => {
    const {grads} = runTransform(
      masked('a', accumulateGradients({steps: 2})),
      ['a', 'b'],
      [
        {a: 1, b: 1},
        {a: 3, b: 2},
        {a: 5, b: 3},
      ],
    );
    expect(grads).toEqual([{b: 1}, {a: 2, b: 2}, {b: 3}]);
  });

  test('masked, every step counts as long as another parameter moves', () => {
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a'), tf.variable(tf.scalar(1), true, 'b')];
    const optimizer = transformGradients(tf.train.adam(), masked('a', accumulateGradients({steps: 2})));
    for (let i = 0; i < 4; i++) optimizer.minimize(() => tf.mul(a, b) as tf.Scalar);
    expect([optimizer.iterations, optimizer.skipped]).toEqual([4, 0]);
  });

  test.each(OPTIMIZERS)(
    'masked, gives %s the slots that holes in every other batch would',
    async (_name, make) => {
      const trained = (transform: GradientTransform): number[][] => {
        const variables = [1, 2, 3].map((value, i) => tf.variable(tf.scalar(value), true, `w${i}`));
        const optimizer = transformGradients(make(), transform);
        for (let i = 0; i < 12; i++) {
          optimizer.minimize(() => tf.sum(tf.square(tf.stack(variables))) as tf.Scalar);
        }
        const values = variables.map(numbers);
        tf.dispose(variables);
        return values;
      };
      const half: GradientTransform = {
        name: 'half',
        init: () => ({calls: 0}),
        update(grads, state) {
          const {calls} = state as {calls: number};
          const {w0, ...others} = grads;
          return [calls % 2 === 0 ? others : {w0: w0!, ...others}, {calls: calls + 1}];
        },
      };
      // w0 stays between two updates, so that the mean of its gradients is the last of them.
      expect(trained(masked('w0', accumulateGradients({steps: 2})))).toEqual(trained(half));
    },
  );

  test('partition, each rule has its own window', () => {
    const rules = partition([
      ['a', accumulateGradients({steps: 2})],
      ['b', accumulateGradients({steps: 3})],
    ]);
    const ones = {a: 1, b: 1};
    expect(runTransform(rules, ['a', 'b'], [ones, ones, ones, ones]).grads).toEqual([
      {},
      {a: 1},
      {b: 1},
      {a: 1},
    ]);
  });

  test('chain, it ends the chain for this step', () => {
    const {transform, seen} = spy();
    runTransform(chain(chain(accumulateGradients({steps: 2})), transform), ['a'], steps(1, 3, 5, 7));
    expect(seen).toEqual([{a: [2]}, {a: [6]}]);
  });

  test('everyNSteps, the update at these steps has several batches, the others one', () => {
    const w = tf.variable(tf.scalar(0), true, 'w');
    const {transform, seen} = spy();
    const optimizer = transformGradients(
      tf.train.sgd(1),
      everyNSteps(2, accumulateGradients({steps: 3})),
      transform,
    );
    for (let i = 1; i <= 8; i++) optimizer.minimize(() => tf.mul(i, w) as tf.Scalar);
    expect(seen).toEqual([{w: [2]}, {w: [4]}, {w: [6]}, {w: [8]}]);
  });

  test('another, the windows multiply', () => {
    const twice = chain(accumulateGradients({steps: 2}), accumulateGradients({steps: 2}));
    expect(runTransform(twice, ['a'], steps(1, 2, 3, 6)).grads).toEqual([{}, {}, {}, {a: 3}]);
  });

  test('a chain behind what skips a step, it waits for one more batch', () => {
    const {grads} = runTransform(
      chain(skips({calls: [1]}), accumulateGradients({steps: 2})),
      ['a'],
      steps(1, 100, 3),
    );
    expect(grads).toEqual([{}, {}, {a: 2}]);
  });
});

describe('numbers', () => {
  test('as large as 8e37 do not overflow', () => {
    const {grads} = runTransform(accumulateGradients({steps: 4}), ['a'], steps(8e37, 8e37, 8e37, 8e37));
    expect(grads[3]!['a']! / 8e37).toBeCloseTo(1, 6);
  });

  test('that are not finite spoil one window only', () => {
    const {grads} = runTransform(accumulateGradients({steps: 2}), ['a'], steps(NaN, 1, 2, 4));
    expect(grads).toEqual([{}, {a: NaN}, {}, {a: 3}]);
  });
});

test.each(WAYS)('leaks nothing under %s', async (_way, train) => {
  const optimizer = transformGradients(tf.train.adam(), accumulateGradients({steps: 3}), scaled({factor: 2}));
  const model = compiled(optimizer);
  await train(model, optimizer, 3);
  const before = tf.memory().numTensors;
  await train(model, optimizer, 18);
  expect(tf.memory().numTensors).toBe(before);
});

test('frees its sums with the optimizer', async () => {
  const before = tf.memory().numTensors;
  const optimizer = transformGradients(tf.train.sgd(0.1), accumulateGradients({steps: 3}));
  const model = compiled(optimizer);
  await trainOnBatches(model, optimizer, 1);
  optimizer.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test.each([0, -1, 1.5, NaN, Infinity])('refuses steps = %s', (value) => {
  expect(() => accumulateGradients({steps: value})).toThrow(
    new RangeError(`accumulateGradients: steps must be a whole number >= 1, got ${value}.`),
  );
});

test.each<[string, unknown, string]>([
  [
    'a number in place of options',
    4,
    'options must be an object, e.g. accumulateGradients({steps: 4}), got the number 4.',
  ],
  ['nothing', undefined, 'options must be an object, e.g. accumulateGradients({steps: 4}), got undefined.'],
  ['an unknown option', {step: 4}, "there is no option 'step'. Options: steps."],
])('refuses %s', (_name, options, message) => {
  expect(() => accumulateGradients(options as never)).toThrow(
    new TypeError(`accumulateGradients: ${message}`),
  );
});

test('is frozen', () => {
  expect(Object.isFrozen(FIVE())).toBe(true);
});
