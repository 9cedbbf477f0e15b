import {chain, type GradientOptimizer, transformGradients} from '@gradwire/core';
import {expectNoLeaks, testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {trainOnBowl} from '../fixtures/bowl.js';
import fixture from '../fixtures/schedules.json' with {type: 'json'};
import {averagesOf} from './averagesOf.js';
import {
  assignAveragedWeights,
  averageWeights,
  type AverageWeightsOptions,
  withAveragedWeights,
} from './index.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

testTransform({factory: averageWeights, options: {}});
testTransform({factory: averageWeights, options: {decay: 0.9}, name: 'averageWeights with decay'});
testTransform({
  factory: averageWeights,
  options: {from: 1, every: 2},
  name: 'averageWeights from 1, every 2',
});

function numbers(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync()];
}

/** The average after each update, where there is one, of a weight that begins at 0 if each adds 1. */
function averagesWith(options: AverageWeightsOptions, updates: number): (number | undefined)[] {
  const w = tf.variable(tf.scalar(0));
  const optimizer = transformGradients(tf.train.sgd(1), averageWeights(options));
  const seen = Array.from({length: updates}, (_, step) => {
    optimizer.minimize(() => tf.neg(w) as tf.Scalar, false, [w]);
    expect(numbers(w)).toEqual([step + 1]);
    return averagesOf('test', optimizer)[0]?.average.dataSync()[0];
  });
  optimizer.dispose();
  return seen;
}

describe('averageWeights', () => {
  it('counts all weights alike by default, and not those before training', () => {
    expect(averagesWith({}, 5)).toEqual([1, 1.5, 2, 2.5, 3]);
  });

  it('begins after the update that it is told, and takes every so manyth', () => {
    expect(averagesWith({from: 2, every: 2}, 7)).toEqual([undefined, undefined, 3, 3, 4, 4, 5]);
  });

  it('with decay is a moving average of the weights that there were', () => {
    // 1; (2 + 1/2) / (3/2); (3 + 2/2 + 1/4) / (7/4)
    expect(averagesWith({decay: 0.5}, 3)).toBeAllclose([1, 5 / 3, 17 / 7]);
  });

  it('without debias gives the first weights the share of all before', () => {
    expect(averagesWith({decay: 0.5, debias: false}, 3)).toEqual([1, 1.5, 2.25]);
  });

  it('with a decay of 0 is the last weights', () => {
    expect(averagesWith({decay: 0}, 3)).toEqual([1, 2, 3]);
  });

  it.each(fixture.averages.cases)(
    'agrees with PyTorch over 120 steps of SGD with $options',
    ({options, averages}) => {
      const optimizer = transformGradients(tf.train.sgd(fixture.averages.rate), averageWeights(options));
      const seen = trainOnBowl(fixture.averages, optimizer, () => {
        const [averaged] = averagesOf('test', optimizer);
        return averaged === undefined ? null : numbers(averaged.average);
      });
      expect(seen.map((values) => values === null)).toEqual(averages.map((values) => values === null));
      expect(seen.flatMap((values) => values ?? [])).toBeAllclose(
        averages.flatMap((values) => values ?? []),
        {rtol: 1e-5, atol: 1e-5},
      );
    },
  );

  it('averages parameters without a gradient too', () => {
    const [a, b] = [tf.variable(tf.scalar(0), true, 'a'), tf.variable(tf.scalar(0), true, 'b')];
    const optimizer = transformGradients(tf.train.sgd(1), averageWeights());
    optimizer.minimize(() => tf.neg(tf.add(a, b)) as tf.Scalar);
    for (let step = 0; step < 3; step++) optimizer.minimize(() => tf.neg(a) as tf.Scalar, false, [a]);
    assignAveragedWeights(optimizer);
    expect([a, b].map(numbers)).toEqual([[2.5], [1]]);
    optimizer.dispose();
  });

  it('leaves the training bit-identical', () => {
    const ways = [[], [averageWeights({decay: 0.9})]].map((transforms) =>
      trainOnBowl(fixture.averages, transformGradients(tf.train.adam(0.03), ...transforms), numbers),
    );
    expect(ways[1]).toEqual(ways[0]);
  });

  it.each<[unknown, Error]>([
    [{decay: 1}, new RangeError('averageWeights: decay must be < 1, got 1.')],
    [{decay: -0.1}, new RangeError('averageWeights: decay must be >= 0, got -0.1.')],
    [{debias: true}, new TypeError('averageWeights: debias needs a decay.')],
    [
      {decay: 0.9, debias: 1},
      new TypeError('averageWeights: debias must be true or false, got the number 1.'),
    ],
    [{from: -1}, new RangeError('averageWeights: from must be a whole number >= 0, got -1.')],
    [{every: 0}, new RangeError('averageWeights: every must be a whole number >= 1, got 0.')],
    [
      {start: 5},
      new TypeError("averageWeights: there is no option 'start'. Options: decay, debias, from, every."),
    ],
  ])('rejects %o', (options, error) => {
    expect(() => averageWeights(options as AverageWeightsOptions)).toThrow(error);
  });
});

/** A weight at 0.1 and an optimizer that has moved it three times by -0.1: to 0, -0.1 and -0.2, or almost. */
function trained(name = 'w'): {w: tf.Variable; optimizer: GradientOptimizer; step: () => void} {
  const w = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 1]), true, name));
  const optimizer = transformGradients(tf.train.sgd(0.1), averageWeights());
  const step = (): void => {
    optimizer.minimize(() => tf.sum(w) as tf.Scalar, false, [w]);
  };
  for (let i = 0; i < 3; i++) step();
  return {w, optimizer, step};
}

describe('withAveragedWeights', () => {
  it('shows the averages and puts the weights back bit for bit', async () => {
    const {w, optimizer} = trained();
    const before = numbers(w);
    const seen = await withAveragedWeights(optimizer, () => numbers(w));
    expect(seen).toBeAllclose([-0.1, 0.8]);
    expect(numbers(w)).toEqual(before);
  });

  it('waits for what is asynchronous', async () => {
    const {w, optimizer} = trained();
    const seen = await withAveragedWeights(optimizer, async () => {
      await tf.nextFrame();
      return [...(await w.data())];
    });
    expect(seen).toBeAllclose([-0.1, 0.8]);
  });

  it.each([
    ['throws', () => Promise.resolve().then(() => Promise.reject(new Error('no such luck')))],
    [
      'throws at once',
      () => {
        throw new Error('no such luck');
      },
    ],
  ])('puts the weights back when fn %s', async (_, fn) => {
    const {w, optimizer} = trained();
    const before = numbers(w);
    await expect(withAveragedWeights(optimizer, fn)).rejects.toThrow(new Error('no such luck'));
    expect(numbers(w)).toEqual(before);
  });

  it('lets training go on as if it had not been', async () => {
    const [once, never] = [trained('once'), trained('never')];
    await withAveragedWeights(once.optimizer, () => {});
    for (const {step} of [once, never]) step();
    expect(numbers(once.w)).toEqual(numbers(never.w));
  });

  it('shows the weights as they are before there is an average', async () => {
    const w = tf.variable(tf.scalar(0));
    const optimizer = transformGradients(tf.train.sgd(1), averageWeights({from: 1}));
    expect(await withAveragedWeights(optimizer, () => 'fine')).toBe('fine');
    optimizer.minimize(() => tf.neg(w) as tf.Scalar, false, [w]);
    expect(await withAveragedWeights(optimizer, () => numbers(w))).toEqual([1]);
  });

  it('can be nested', async () => {
    const {w, optimizer} = trained();
    const before = numbers(w);
    const seen = await withAveragedWeights(optimizer, async () => {
      const inner = await withAveragedWeights(optimizer, () => numbers(w));
      return [...inner, ...numbers(w)];
    });
    expect(seen).toBeAllclose([-0.1, 0.8, -0.1, 0.8]);
    expect(numbers(w)).toEqual(before);
  });

  it('finds the averages within a wrapper', async () => {
    const {w, optimizer} = trained();
    expect(await withAveragedWeights(transformGradients(optimizer), () => numbers(w))).toBeAllclose([
      -0.1, 0.8,
    ]);
  });

  it('tells of training meanwhile, and undoes it', async () => {
    const {w, optimizer, step} = trained();
    const before = numbers(w);
    await expect(withAveragedWeights(optimizer, step)).rejects.toThrow(
      new Error(
        'withAveragedWeights: w changed meanwhile. Do not train until it is done; the weights are as before.',
      ),
    );
    expect(numbers(w)).toEqual(before);
  });

  it('does not mind a variable that is gone', async () => {
    const {w, optimizer} = trained();
    const kept = tf.variable(tf.scalar(1), true, 'kept');
    optimizer.minimize(() => tf.add(tf.sum(w), kept) as tf.Scalar, false, [w, kept]);
    await withAveragedWeights(optimizer, () => w.dispose());
    expect(await withAveragedWeights(optimizer, () => 'fine')).toBe('fine');
  });

  it('leaks nothing', async () => {
    const {optimizer} = trained();
    await expectNoLeaks(() => withAveragedWeights(optimizer, () => {}));
    await expectNoLeaks(() =>
      withAveragedWeights(optimizer, () => Promise.reject(new Error('no such luck'))).catch(() => {}),
    );
  });

  it('frees all with the optimizer', async () => {
    await expectNoLeaks(async () => {
      const {w, optimizer} = trained();
      await withAveragedWeights(optimizer, () => {});
      assignAveragedWeights(optimizer);
      optimizer.dispose();
      w.dispose();
    });
  });

  it('refuses a call without a function', async () => {
    const {optimizer} = trained();
    await expect(withAveragedWeights(optimizer, undefined as never)).rejects.toThrow(
      new TypeError(
        'withAveragedWeights: fn must be a function, got undefined. Call withAveragedWeights(optimizer, fn).',
      ),
    );
  });
});

describe('assignAveragedWeights', () => {
  it('makes the averages the weights', () => {
    const {w, optimizer} = trained();
    assignAveragedWeights(optimizer);
    expect(numbers(w)).toBeAllclose([-0.1, 0.8]);
  });

  it('leaves the averages as they are when training goes on', () => {
    const {w, optimizer, step} = trained();
    assignAveragedWeights(optimizer);
    step();
    expect(numbers(w)).toBeAllclose([-0.2, 0.7]);
    assignAveragedWeights(optimizer);
    // (0 − 0.1 − 0.2 − 0.2) / 4
    expect(numbers(w)).toBeAllclose([-0.125, 0.775]);
  });

  it('refuses where nothing has been averaged', () => {
    const optimizer = transformGradients(tf.train.sgd(1), averageWeights());
    expect(() => assignAveragedWeights(optimizer)).toThrow(
      new Error('assignAveragedWeights: no weights have been averaged yet.'),
    );
  });
});

describe.each([
  ['withAveragedWeights', (given: GradientOptimizer) => withAveragedWeights(given, () => {})],
  ['assignAveragedWeights', async (given: GradientOptimizer) => assignAveragedWeights(given)],
])('%s refuses', (name, call) => {
  it.each<[string, () => unknown, Error]>([
    [
      'what is no GradientOptimizer',
      () => tf.train.adam(),
      new TypeError(
        `${name}: optimizer must be a GradientOptimizer, e.g. transformGradients(tf.train.adam(), averageWeights()), got an AdamOptimizer.`,
      ),
    ],
    [
      'nothing at all',
      () => undefined,
      new TypeError(
        `${name}: optimizer must be a GradientOptimizer, e.g. transformGradients(tf.train.adam(), averageWeights()), got undefined.`,
      ),
    ],
    [
      'one that averages nothing',
      () => transformGradients(tf.train.sgd(1), chain(averageWeights())),
      new Error(
        `${name}: the optimizer averages nothing. Give it averageWeights() as a transform of its own, not inside another.`,
      ),
    ],
    [
      'one whose parameters are gone',
      () => {
        const {w, optimizer} = trained();
        w.dispose();
        return optimizer;
      },
      new Error(
        `${name}: none of the parameters is there: w. Of a loaded optimizer, call initialize(variables) first.`,
      ),
    ],
    [
      'one whose parameter is another now',
      () => {
        const {w, optimizer} = trained();
        w.dispose();
        tf.variable(tf.scalar(1), true, 'w');
        return optimizer;
      },
      new Error(
        `${name}: none of the parameters is there: w. Of a loaded optimizer, call initialize(variables) first.`,
      ),
    ],
  ])('%s', async (_, make, error) => {
    await expect(call(make() as GradientOptimizer)).rejects.toThrow(error);
  });
});
