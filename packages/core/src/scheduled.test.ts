import * as tf from '@tensorflow/tfjs';
import {beforeAll, beforeEach, expect, test, vi} from 'vitest';
import {runTransform} from '../fixtures/runTransform.js';
import {compiled, heavyBall, numbers, saved, scaled, smallModel, weightsOf} from '../fixtures/training.js';
import {limited, onUpdates} from '../fixtures/transforms.js';
import {
  type GradientTransform,
  mapTensors,
  type NamedTensors,
  type OptionSchedule,
  scheduled,
  stateless,
  transformGradients,
} from './index.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.disposeVariables());

const ONES = Array.from({length: 4}, () => ({a: 1}));
const values = (run: {grads: Readonly<Record<string, number>>[]}) => run.grads.map(({a}) => a);

/** g ← factor · g + shift */
const affine = ({factor, shift}: {factor: number; shift: number}): GradientTransform<undefined> =>
  stateless('affine', {factor, shift}, (grads) => mapTensors(grads, (g) => tf.add(tf.mul(g, factor), shift)));

test('gives the option its value of each step', () => {
  const growing = scheduled('factor', (step) => step + 1, scaled);
  expect(values(runTransform(growing, ['a'], ONES))).toEqual([1, 2, 3, 4]);
});

test('gives the other options as they are', () => {
  const growing = scheduled('factor', (step) => step + 1, affine, {shift: 10});
  expect(values(runTransform(growing, ['a'], ONES))).toEqual([11, 12, 13, 14]);
});

test('the state of the transform goes on', () => {
  const ball = scheduled('decay', (step) => (step === 3 ? 0 : 1), heavyBall);
  expect(values(runTransform(ball, ['a'], ONES))).toEqual([1, 2, 3, 1]);
});

test('is what the transform is with that option, where the schedule is constant', () => {
  const trained = (transform: GradientTransform): number[] => {
    const w = tf.variable(tf.tensor1d([1, -2]));
    const optimizer = transformGradients(tf.train.adam(0.1), transform);
    for (let i = 0; i < 5; i++) optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
    return numbers(w);
  };
  expect(trained(scheduled('decay', () => 0.5, heavyBall))).toEqual(trained(heavyBall({decay: 0.5})));
});

test('asks the schedule with the step and its context', () => {
  const schedule = vi.fn<OptionSchedule>(() => 1);
  const w = tf.variable(tf.scalar(1), true, 'w');
  const optimizer = transformGradients(tf.train.sgd(0.25), scheduled('factor', schedule, scaled));
  schedule.mockClear();
  for (let i = 0; i < 2; i++) optimizer.minimize(() => tf.square(w) as tf.Scalar);
  expect(schedule.mock.calls).toMatchObject([
    [0, {step: 0, learningRate: 0.25}],
    [1, {step: 1, learningRate: 0.25}],
  ]);
});

test('works on what its transform works on', () => {
  const factory = (options: {factor: number}) => onUpdates(scaled(options));
  expect(scheduled('factor', () => 1, factory).on).toBe('updates');
});

test('a value that the factory refuses at step 0 is told at once', () => {
  expect(() => scheduled('maxNorm', (step) => step, limited)).toThrow(
    new RangeError('limited: maxNorm must be > 0, got 0.'),
  );
});

test.each<[string, OptionSchedule, string]>([
  ['the factory refuses', (step) => 3 - step, 'limited: maxNorm must be > 0, got 0.'],
  ['is none', (step) => (step < 3 ? 1 : NaN), 'limited: maxNorm must be > 0, got NaN.'],
])('a value that %s at step 3 throws before the update of that step', (_name, schedule, message) => {
  const w = tf.variable(tf.tensor1d([1, -2]));
  const states: number[][] = [];
  const counting: GradientTransform = {
    ...stateless('counting', {}, (grads) => grads),
    init: () => 0,
    update: (grads, count) => (states.push([count as number]), [grads, (count as number) + 1]),
  };
  const optimizer = transformGradients(tf.train.adam(0.1), counting, scheduled('maxNorm', schedule, limited));
  const step = () => optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
  for (let i = 0; i < 3; i++) step();
  const before = numbers(w);
  expect(step).toThrow(new RangeError(message));
  expect({w: numbers(w), iterations: optimizer.iterations}).toEqual({w: before, iterations: 3});
  expect(step).toThrow();
  expect(states).toEqual([[0], [1], [2], [3], [3]]);
});

test('leaks nothing in 100 steps', () => {
  const w = tf.variable(tf.tensor1d([1, -2]));
  const optimizer = transformGradients(
    tf.train.adam(0.1),
    scheduled('decay', (step) => 1 / (1 + step), heavyBall),
  );
  const step = () => optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
  step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 100; i++) step();
  expect(tf.memory().numTensors).toBe(before);
});

test('trains a model under fit', async () => {
  const trained = async (transform: GradientTransform): Promise<number[][]> => {
    const model = compiled(transformGradients(tf.train.sgd(0.1), transform), smallModel());
    await model.fit(tf.ones([4, 3]), tf.ones([4, 1]), {epochs: 3, verbose: 0});
    return weightsOf(model);
  };
  const byHand = stateless('byHand', {}, (grads: NamedTensors, {step}) =>
    mapTensors(grads, (g) => tf.mul(g, 1 / (1 + step))),
  );
  expect(await trained(scheduled('factor', (step) => 1 / (1 + step), scaled))).toEqual(await trained(byHand));
});

test('a model whose optimizer has one cannot be saved with it', async () => {
  function decaying() {
    return 1;
  }
  const model = compiled(transformGradients(tf.train.sgd(0.1), scheduled('factor', decaying, scaled)));
  await expect(saved(model)).rejects.toThrow(
    new Error(
      "transform 'scheduled': option 'schedule' cannot be saved, JSON does not know the function decaying.",
    ),
  );
});

const HINT = 'Call scheduled(option, schedule, factory).';

test.each<[string, unknown[], string]>([
  [
    'no name of an option',
    [1, () => 1, scaled],
    `option must be the name of an option, got the number 1. ${HINT}`,
  ],
  [
    'a number in place of the schedule',
    ['factor', 1, scaled],
    `schedule must be a function, got the number 1. ${HINT}`,
  ],
  [
    'a transform in place of the factory',
    ['factor', () => 1, scaled({factor: 1})],
    `factory must be a function, got the transform 'scaled'. ${HINT}`,
  ],
  ['nothing but an option', ['factor'], `schedule must be a function, got undefined. ${HINT}`],
])('refuses %s', (_name, args, message) => {
  expect(() => scheduled(...(args as unknown as Parameters<typeof scheduled>))).toThrow(
    new TypeError(`scheduled: ${message}`),
  );
});

test('refuses a factory that makes no transform', () => {
  const broken = (({factor}: {factor: number}) => factor) as unknown as typeof scaled;
  expect(() => scheduled('factor', () => 1, broken)).toThrow(
    new TypeError(
      'scheduled: what factory returns must be a GradientTransform, got the number 1. Call scheduled(option, schedule, factory).',
    ),
  );
});

test('is frozen', () => {
  expect(Object.isFrozen(scheduled('factor', () => 1, scaled))).toBe(true);
});
