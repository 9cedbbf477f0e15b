import {scheduleLearningRate, setLearningRate, transformGradients} from '@gradwire/core';
import {expectNoLeaks, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {findLearningRate, type FindLearningRateOptions} from './index.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const sgd = (): tf.Optimizer => tf.train.sgd(1);

function weight(values: number[] = [1]): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values)));
}

function numbers(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync()];
}

/** A loss with these values, whatever the rates. */
function told(values: readonly number[], options: Partial<FindLearningRateOptions> = {}) {
  const w = weight();
  const loss = (step: number): tf.Scalar => tf.add(tf.mul(0, tf.sum(w)), values[step]!);
  return findLearningRate({optimizer: sgd, loss, steps: values.length, smoothing: 0, ...options});
}

describe('findLearningRate', () => {
  it('tries rates that grow by the same factor', async () => {
    const {rates} = await told([1, 1, 1], {from: 0.01, to: 1});
    expect(rates).toEqual([0.01, 0.1, 1].map((rate) => expect.closeTo(rate, 12)));
  });

  it('goes from 1e-7 to 10 in 100 steps by default', async () => {
    const w = weight([0]);
    const {rates} = await findLearningRate({optimizer: sgd, loss: () => tf.sum(tf.square(w))});
    expect([rates.length, rates[0], rates.at(-1)]).toEqual([100, 1e-7, 10]);
  });

  it('finds where a bowl becomes unstable: at 2 / curvature', async () => {
    const [curvature, w] = [50, weight([1, -2])];
    const {rates, losses, suggestion, divergedAt} = await findLearningRate({
      optimizer: sgd,
      loss: () => tf.mul(curvature / 2, tf.sum(tf.square(w))),
      from: 1e-5,
      to: 1,
    });
    const limit = 2 / curvature;
    losses
      .slice(1)
      .forEach((loss, i) => expect(loss > losses[i]!, `after rate ${rates[i]}`).toBe(rates[i]! > limit));
    expect(suggestion).toBeLessThan(limit);
    expect(suggestion).toBeGreaterThan(limit / 100);
    expect(divergedAt).toBeGreaterThan(limit);
    expect(rates.at(-1)).toBe(divergedAt);
  });

  it('smooths, without favour for the first losses', async () => {
    const {losses, smoothed} = await told([4, 2, 6], {smoothing: 0.5});
    expect(losses).toEqual([4, 2, 6]);
    // 4; (2/2 + 4/4) / (3/4); (6/2 + 2/4 + 4/8) / (7/8)
    expect(smoothed).toEqual([4, 8 / 3, 32 / 7].map((value) => expect.closeTo(value, 12)));
  });

  it('ends where the loss is four times its minimum and above the first', async () => {
    const range = await told([1, 0.25, 0.9, 1.1, 7], {from: 1e-4, to: 1});
    expect(range.losses).toEqual([1, 0.25, 0.9, 1.1].map((value) => expect.closeTo(value, 6)));
    expect(range.divergedAt).toBeCloseTo(0.1, 12);
  });

  it('does not take losses below 0 for divergence', async () => {
    const range = await told([1, -1, -3, -2, 5.9]);
    expect(range.losses).toHaveLength(5);
    expect(range.divergedAt).toBeUndefined();
  });

  it.each([Number.NaN, Infinity])('ends at a loss of %d, which is not in the lists', async (bad) => {
    const {rates, losses, smoothed, divergedAt} = await told([1, 2, bad, 1], {from: 1e-3, to: 1});
    expect([rates.length, losses, smoothed]).toEqual([2, [1, 2], [1, 2]]);
    expect(divergedAt).toBeCloseTo(0.1, 12);
  });

  it('suggests nothing where the loss does not fall', async () => {
    const range = await told(Array.from({length: 40}, (_, i) => 1 + 0.1 * Math.sin(i * i)));
    expect('suggestion' in range).toBe(false);
  });

  it('gives plain data', async () => {
    const range = await told([3, 2, 1, 1]);
    expect(JSON.parse(JSON.stringify(range))).toEqual(range);
  });

  it.each<[string, () => tf.Optimizer]>([
    ['sgd', () => tf.train.sgd(9)],
    ['momentum', () => tf.train.momentum(9, 0.9)],
    ['adagrad', () => tf.train.adagrad(9)],
    ['adadelta', () => tf.train.adadelta(9)],
    ['adam', () => tf.train.adam(9)],
    ['adamax', () => tf.train.adamax(9)],
    ['rmsprop', () => tf.train.rmsprop(9)],
  ])('trains with %s as a loop that sets the rates', async (_, make) => {
    const w = weight([1, -2, 0.5]);
    const loss = (step: number): tf.Scalar => tf.sum(tf.square(tf.sub(w, step / 20)));
    const {rates, losses} = await findLearningRate({optimizer: make, loss, steps: 12, to: 0.1});
    const optimizer = make();
    const wanted = rates.map((rate, step) => {
      setLearningRate(optimizer, rate);
      return optimizer.minimize(() => loss(step), true)!.dataSync()[0]!;
    });
    expect(losses).toBeAllclose(wanted, {rtol: 1e-6});
    expect(losses.at(-1)).not.toBe(losses[0]);
  });

  it('trains only the variables that it is given', async () => {
    const [a, b] = [weight(), weight()];
    const seen: number[][] = [];
    await findLearningRate({
      optimizer: sgd,
      loss: () => {
        seen.push([...numbers(a), ...numbers(b)]);
        return tf.sum(tf.add(a, b));
      },
      variables: [a],
      steps: 3,
    });
    expect(seen.at(-1)![0]).toBeLessThan(1);
    expect(seen.at(-1)![1]).toBe(1);
  });

  it('suggests a rate for a network that is better than a hundredth of it', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 16,
          activation: 'tanh',
          inputShape: [2],
          kernelInitializer: tf.initializers.glorotUniform({seed: 1}),
        }),
        tf.layers.dense({units: 1, kernelInitializer: tf.initializers.glorotUniform({seed: 2})}),
      ],
    });
    const x = tf.randomNormal([256, 2], 0, 1, 'float32', 3);
    const y = tf.sum(tf.square(x), 1, true);
    const loss = (): tf.Scalar => tf.losses.meanSquaredError(y, model.apply(x) as tf.Tensor);
    const {suggestion} = await findLearningRate({optimizer: () => tf.train.adam(), loss});
    const start = model.getWeights().map((w) => tf.clone(w));
    const [small, suggested] = [suggestion! / 100, suggestion!].map((rate) => {
      model.setWeights(start);
      const optimizer = tf.train.adam(rate);
      for (let step = 0; step < 50; step++) optimizer.minimize(loss);
      return loss().dataSync()[0]!;
    });
    expect(suggested).toBeLessThan(small! / 2);
  });
});

describe('after findLearningRate', () => {
  it.each<[string, (step: number, loss: tf.Scalar) => tf.Scalar]>([
    ['has ended', (_, loss) => loss],
    ['has diverged', (step, loss) => (step > 5 ? tf.mul(loss, Infinity) : loss)],
    [
      'has thrown',
      (step, loss) => {
        if (step > 5) throw new Error('no such luck');
        return loss;
      },
    ],
  ])('all variables are as before, where it %s', async (_, last) => {
    const trained = weight([0.1, 0.7]);
    const statistic = tf.tidy(() => tf.variable(tf.scalar(0.3), false));
    const loss = (step: number): tf.Scalar => {
      statistic.assign(tf.add(statistic, 1));
      return last(step, tf.sum(tf.square(trained)));
    };
    const before = [trained, statistic].map(numbers);
    await findLearningRate({optimizer: () => tf.train.adam(), loss, steps: 10}).catch(() => {});
    expect([trained, statistic].map(numbers)).toEqual(before);
  });

  it.each<[string, () => tf.Optimizer]>([
    ['sgd', sgd],
    ['momentum', () => tf.train.momentum(1, 0.9)],
    ['adam', () => tf.train.adam()],
    ['a wrapped optimizer', () => transformGradients(tf.train.adam())],
  ])('nothing is left of %s', async (_, optimizer) => {
    const w = weight();
    await expectNoLeaks(() => findLearningRate({optimizer, loss: () => tf.sum(tf.square(w)), steps: 5}));
    const fail = (step: number): tf.Scalar => {
      if (step > 2) throw new Error('no such luck');
      return tf.sum(tf.square(w));
    };
    await expectNoLeaks(() => findLearningRate({optimizer, loss: fail, steps: 5}).catch(() => {}));
  });
});

describe('findLearningRate rejects', () => {
  it('with what the loss throws', async () => {
    weight();
    const loss = (): tf.Scalar => {
      throw new Error('no such luck');
    };
    await expect(findLearningRate({optimizer: sgd, loss})).rejects.toThrow(new Error('no such luck'));
  });

  it('an optimizer that follows a schedule', async () => {
    const optimizer = (): tf.Optimizer => scheduleLearningRate(sgd(), () => 5);
    await expect(told([1, 1], {optimizer})).rejects.toThrow(
      new Error(
        'GradientOptimizer: its schedule sets the learning rate; a rate set by hand would not last a step.',
      ),
    );
  });

  it('a first loss that is not finite', async () => {
    await expect(told([Number.NaN, 1])).rejects.toThrow(
      new Error('findLearningRate: the first loss is NaN; no rate can be found from there.'),
    );
  });

  it('at once where the signal says so', async () => {
    const signal = AbortSignal.abort(new Error('not now'));
    await expect(told([1, 2], {signal})).rejects.toThrow(new Error('not now'));
  });

  it('in the middle, when a timer aborts it, with the weights as before', async () => {
    const [w, controller] = [weight([0.1]), new AbortController()];
    setTimeout(() => controller.abort(new Error('enough')), 5);
    const run = findLearningRate({
      optimizer: sgd,
      loss: () => tf.sum(tf.square(w)),
      to: 1e-6,
      steps: 1_000_000,
      signal: controller.signal,
    });
    await expect(run).rejects.toThrow(new Error('enough'));
    expect(numbers(w)).toEqual([Math.fround(0.1)]);
  });

  it.each<[object | undefined, Error]>([
    [
      undefined,
      new TypeError(
        'findLearningRate: options must be an object, e.g. findLearningRate({optimizer: () => tf.train.adam(), loss: (step) => lossOf(batches[step]), variables: [w], from: 1e-7, to: 10, steps: 100, smoothing: 0.8, signal: controller.signal}), got undefined.',
      ),
    ],
    [
      {optimizer: tf.train.sgd(1), loss: () => 0},
      new TypeError('findLearningRate: optimizer must be a function, got a SGDOptimizer.'),
    ],
    [
      {optimizer: sgd, loss: 1},
      new TypeError('findLearningRate: loss must be a function, got the number 1.'),
    ],
    [{from: 0}, new RangeError('findLearningRate: from must be > 0, got 0.')],
    [{from: 1, to: 1}, new RangeError('findLearningRate: to must be > from, which is 1, got 1.')],
    [{steps: 1}, new RangeError('findLearningRate: steps must be a whole number >= 2, got 1.')],
    [{smoothing: 1}, new RangeError('findLearningRate: smoothing must be < 1, got 1.')],
    [
      {rate: 1},
      new TypeError(
        "findLearningRate: there is no option 'rate'. Options: optimizer, loss, variables, from, to, steps, smoothing, signal.",
      ),
    ],
  ])('%o', async (options, error) => {
    const given = options === undefined ? options : {optimizer: sgd, loss: () => tf.scalar(1), ...options};
    await expect(findLearningRate(given as FindLearningRateOptions)).rejects.toThrow(error);
  });
});
