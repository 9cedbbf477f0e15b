import * as tf from '@tensorflow/tfjs';
import {beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {numbers} from '../fixtures/training.js';
import {getLearningRate, setLearningRate, transformGradients} from './index.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.disposeVariables());

const OPTIMIZERS: [string, (rate: number) => tf.Optimizer][] = [
  ['sgd', (rate) => tf.train.sgd(rate)],
  ['momentum', (rate) => tf.train.momentum(rate, 0.9)],
  ['momentum with Nesterov', (rate) => tf.train.momentum(rate, 0.9, true)],
  ['adagrad', (rate) => tf.train.adagrad(rate)],
  ['adadelta', (rate) => tf.train.adadelta(rate)],
  ['adam', (rate) => tf.train.adam(rate)],
  ['adamax', (rate) => tf.train.adamax(rate)],
  ['rmsprop', (rate) => tf.train.rmsprop(rate)],
  ['centred rmsprop', (rate) => tf.train.rmsprop(rate, 0.9, 0, 1e-7, true)],
];

const WRAPPINGS: [string, (optimizer: tf.Optimizer) => tf.Optimizer][] = [
  ['bare', (optimizer) => optimizer],
  ['wrapped', (optimizer) => transformGradients(optimizer)],
  ['wrapped twice', (optimizer) => transformGradients(transformGradients(optimizer))],
];

/** How far the first `n` steps on 0.5 · w² go from w = 1. */
function path(optimizer: tf.Optimizer, n = 3): number {
  const w = tf.variable(tf.scalar(1));
  for (let i = 0; i < n; i++) optimizer.minimize(() => tf.mul(0.5, tf.square(w)) as tf.Scalar, false, [w]);
  return 1 - numbers(w)[0]!;
}

describe.each(WRAPPINGS)('of a %s optimizer', (_wrapping, wrap) => {
  test.each(OPTIMIZERS)(
    'setLearningRate makes %s step as one that had this rate from the start',
    (_name, make) => {
      const optimizer = wrap(make(0.5));
      setLearningRate(optimizer, 0.01);
      const steps = path(optimizer);
      expect(steps).toBe(path(make(0.01)));
      expect(steps).not.toBe(path(make(0.5)));
    },
  );

  test.each(OPTIMIZERS)('getLearningRate knows the rate that %s was made with', (_name, make) => {
    expect(getLearningRate(wrap(make(0.3)))).toBe(0.3);
  });

  test.each(OPTIMIZERS)('getLearningRate knows the rate that was set on %s', (_name, make) => {
    const optimizer = wrap(make(0.3));
    setLearningRate(optimizer, 0.2);
    expect(getLearningRate(optimizer)).toBe(0.2);
  });
});

describe('setLearningRate', () => {
  test('counts from the next step on', () => {
    const w = tf.variable(tf.scalar(1));
    const optimizer = transformGradients(tf.train.sgd(0.5));
    const step = () => optimizer.minimize(() => w.clone() as tf.Scalar);
    step();
    setLearningRate(optimizer, 0.25);
    step();
    expect(numbers(w)).toEqual([0.25]);
  });

  test.each(OPTIMIZERS)('of 0 stops %s', (_name, make) => {
    const optimizer = make(0.5);
    setLearningRate(optimizer, 0);
    expect(path(optimizer)).toBe(0);
  });

  test.each(OPTIMIZERS)('does not leak with %s', (_name, make) => {
    const optimizer = make(0.5);
    const before = tf.memory().numTensors;
    for (let i = 1; i < 10; i++) setLearningRate(optimizer, 1 / i);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    [-1, '>= 0, got -1.'],
    [NaN, '>= 0, got NaN.'],
    [Infinity, 'a finite number >= 0, got Infinity.'],
    ['0.1', "a number >= 0, got the string '0.1'."],
    [undefined, 'a number >= 0, got undefined.'],
  ])('refuses %o', (rate, message) => {
    expect(() => setLearningRate(tf.train.sgd(0.1), rate as number)).toThrow(
      new RangeError(`setLearningRate: rate must be ${message}`),
    );
  });

  test('of a refused rate changes nothing', () => {
    const optimizer = tf.train.sgd(0.1);
    expect(() => setLearningRate(optimizer, -1)).toThrow();
    expect(getLearningRate(optimizer)).toBe(0.1);
  });
});

describe('the learningRate property of the wrapper', () => {
  test.each(OPTIMIZERS)('reads that of %s', (_name, make) => {
    expect(transformGradients(make(0.3)).learningRate).toBe(0.3);
  });

  test.each(OPTIMIZERS)('sets that of %s', (_name, make) => {
    const optimizer = transformGradients(make(0.5));
    optimizer.learningRate = 0.01;
    expect(path(optimizer)).toBe(path(make(0.01)));
  });
});

describe('the setLearningRate method of the wrapper', () => {
  test.each(OPTIMIZERS)('sets that of %s', (_name, make) => {
    const optimizer = transformGradients(make(0.5));
    optimizer.setLearningRate(0.01);
    expect(path(optimizer)).toBe(path(make(0.01)));
  });
});

describe.each([
  ['setLearningRate', (given: unknown) => setLearningRate(given as tf.Optimizer, 0.1)],
  ['getLearningRate', (given: unknown) => getLearningRate(given as tf.Optimizer)],
])('%s of what is no optimizer', (name, call) => {
  test.each<[unknown, string]>([
    [undefined, 'undefined.'],
    ['adam', "the string 'adam'."],
    [0.1, 'the number 0.1.'],
    [{learningRate: 0.1}, 'a plain object.'],
    [tf.train.adam, 'an anonymous function. Was it not called?'],
  ])('%o is told so', (given, message) => {
    expect(() => call(given)).toThrow(
      new TypeError(`${name}: optimizer must be a tf.Optimizer, e.g. tf.train.adam(), got ${message}`),
    );
  });
});

describe('an optimizer without a learning rate', () => {
  class Rateless extends tf.Optimizer {
    static get className(): string {
      return 'Rateless';
    }
    applyGradients(): void {}
    getConfig(): tf.serialization.ConfigDict {
      return {};
    }
  }

  test.each([
    ['bare', () => new Rateless()],
    ['wrapped', () => transformGradients(new Rateless())],
  ])('%s is told by name when asked', (_wrapping, make) => {
    expect(() => getLearningRate(make())).toThrow(
      new TypeError('getLearningRate: Rateless has no learning rate.'),
    );
  });

  test('bare is told by name when set', () => {
    expect(() => setLearningRate(new Rateless(), 1)).toThrow(
      new TypeError('setLearningRate: Rateless has no learning rate.'),
    );
  });

  test('wrapped is told by name when set', () => {
    expect(() => setLearningRate(transformGradients(new Rateless()), 1)).toThrow(
      /Rateless has no learning rate/,
    );
  });
});
