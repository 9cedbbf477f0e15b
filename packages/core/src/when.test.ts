import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, test, vi} from 'vitest';
import {runTransform} from '../fixtures/runTransform.js';
import {compiled, heavyBall, numbers, saved, scaled} from '../fixtures/training.js';
import {onUpdates} from '../fixtures/transforms.js';
import {GradientOptimizer, type StepPredicate, stateless, transformGradients, when} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const ONES = Array.from({length: 5}, () => ({a: 1}));
const values = (run: {grads: Readonly<Record<string, number>>[]}) => run.grads.map(({a}) => a);

test('applies the transform in the steps that the predicate picks', () => {
  const first = when(({step}) => step < 2, scaled({factor: 3}));
  expect(values(runTransform(first, ['a'], ONES))).toEqual([3, 3, 1, 1, 1]);
});

test('leaves the state alone in the others', () => {
  const odd = when(({step}) => step % 2 === 1, heavyBall({decay: 1}));
  expect(values(runTransform(odd, ['a'], ONES))).toEqual([1, 1, 1, 2, 1]);
});

test('asks the predicate once per step', () => {
  const predicate = vi.fn<StepPredicate>(() => false);
  runTransform(when(predicate, scaled({factor: 3})), ['a'], ONES);
  expect(predicate.mock.calls.map(([{step}]) => step)).toEqual([0, 1, 2, 3, 4]);
});

test('tells the predicate epoch, learning rate and seed', () => {
  const w = tf.variable(tf.scalar(1));
  const predicate = vi.fn<StepPredicate>(() => false);
  const optimizer = new GradientOptimizer(tf.train.sgd(0.25), [when(predicate, scaled({factor: 3}))], {
    seed: 42,
  });
  optimizer.epoch = 7;
  optimizer.minimize(() => tf.square(w) as tf.Scalar);
  expect(predicate.mock.calls[0]![0]).toMatchObject({step: 0, epoch: 7, learningRate: 0.25, seed: 42});
});

test('works on what its transform works on', () => {
  expect(when(() => true, onUpdates(scaled({factor: 1}))).on).toBe('updates');
});

test('keeps holes', () => {
  expect(
    runTransform(
      when(() => true, scaled({factor: 2})),
      ['a', 'b'],
      [{b: 1}],
    ).grads,
  ).toEqual([{b: 2}]);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'undefined'],
  ['a number', 1, 'the number 1'],
  ['a promise', Promise.resolve(true), 'a Promise'],
])('a predicate that returns %s is told so, before any update', (_name, answer, words) => {
  const w = tf.variable(tf.scalar(1));
  const optimizer = transformGradients(
    tf.train.sgd(0.1),
    when(() => answer as boolean, scaled({factor: 2})),
  );
  expect(() => optimizer.minimize(() => tf.square(w) as tf.Scalar)).toThrow(
    new TypeError(`when: predicate must return true or false, got ${words}.`),
  );
  expect(numbers(w)).toEqual([1]);
});

test('what the predicate throws reaches the caller, and the step does not count', () => {
  const w = tf.variable(tf.scalar(1));
  const broken = when(
    () => {
      throw new Error('on purpose');
    },
    scaled({factor: 2}),
  );
  const optimizer = transformGradients(tf.train.sgd(0.1), broken);
  expect(() => optimizer.minimize(() => tf.square(w) as tf.Scalar)).toThrow(new Error('on purpose'));
  expect(optimizer.iterations).toBe(0);
});

test('a model whose optimizer has one cannot be saved with it', async () => {
  function atFirst() {
    return true;
  }
  const model = compiled(transformGradients(tf.train.sgd(0.1), when(atFirst, scaled({factor: 2}))));
  await expect(saved(model)).rejects.toThrow(
    new Error(
      "transform 'when': option 'predicate' cannot be saved, JSON does not know the function atFirst.",
    ),
  );
});

test.each<[string, unknown[], string]>([
  [
    'a boolean in place of the predicate',
    [true, scaled({factor: 1})],
    'predicate must be a function, got true. Call when(predicate, transform).',
  ],
  [
    'arguments in another order',
    [scaled({factor: 1}), () => true],
    "predicate must be a function, got the transform 'scaled'. Call when(predicate, transform).",
  ],
  [
    'a factory',
    [() => true, scaled],
    'transform must be a GradientTransform, got the function scaled. Was the factory not called?',
  ],
  [
    'nothing but a predicate',
    [() => true],
    'transform must be a GradientTransform, got undefined. Call when(predicate, transform).',
  ],
  [
    'a transform of something else',
    [() => true, {...stateless('odd', {}, (grads) => grads), on: 'weights'}],
    "transform must be on 'gradients' or 'updates', but 'odd' is on the string 'weights'.",
  ],
])('refuses %s', (_name, args, message) => {
  expect(() => when(...(args as Parameters<typeof when>))).toThrow(new TypeError(`when: ${message}`));
});

test('is frozen', () => {
  expect(Object.isFrozen(when(() => true, scaled({factor: 1})))).toBe(true);
});
