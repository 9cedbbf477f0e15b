import * as tf from '@tensorflow/tfjs';
import {beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {heavyBall, numbers, scaled} from '../fixtures/training.js';
import {
  chain,
  everyNSteps,
  type GradientTransform,
  masked,
  type NamedTensors,
  partition,
  stateless,
  transformGradients,
} from './index.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.disposeVariables());

type Update = (grads: NamedTensors) => unknown;

const returning = (update: Update): GradientTransform =>
  ({name: 'mine', init: () => 0, update}) as unknown as GradientTransform;
const statelessly = (update: Update): GradientTransform =>
  stateless('mine', {}, update as (grads: NamedTensors) => NamedTensors);

/** What the step on the vector w, with the scalar `hole` unconnected, throws. */
function step(...transforms: readonly GradientTransform[]): () => void {
  const w = tf.variable(tf.tensor1d([1, 2]), true, 'a/w');
  const hole = tf.variable(tf.scalar(3), true, 'a/hole');
  const optimizer = transformGradients(tf.train.adam(), ...transforms);
  return () => {
    try {
      optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w, hole]);
    } finally {
      expect([...numbers(w), ...numbers(hole)]).toEqual([1, 2, 3]);
    }
  };
}

const PAIR = "transform 'mine': update must return [gradients, state], got";
const RECORD = "transform 'mine': update must return the gradients as a record of tensors by name, got";
const disposed = (tensor: tf.Tensor): tf.Tensor => {
  const gone = tf.clone(tensor);
  gone.dispose();
  return gone;
};

describe('what update returns', () => {
  test.each<[string, Update, Error]>([
    ['a promise', async (grads) => [grads, 0], new TypeError(`${PAIR} a Promise; update is synchronous.`)],
    ['nothing', () => undefined, new TypeError(`${PAIR} undefined.`)],
    ['null', () => null, new TypeError(`${PAIR} null.`)],
    ['the gradients alone', (grads) => grads, new TypeError(`${PAIR} a plain object.`)],
    ['a list of one', (grads) => [grads], new TypeError(`${PAIR} a list of 1.`)],
    ['a pair without gradients', () => [undefined, 0], new TypeError(`${RECORD} undefined.`)],
    ['gradients in a list', (grads) => [Object.values(grads), 0], new TypeError(`${RECORD} a list of 1.`)],
  ])('%s is refused', (_name, update, error) => {
    expect(step(returning(update))).toThrow(error);
  });
});

const BREACHES: readonly [string, Update, Error][] = [
  ['nothing', () => undefined, new TypeError(`${RECORD} undefined.`)],
  ['null', () => null, new TypeError(`${RECORD} null.`)],
  ['a promise', async (grads) => grads, new TypeError(`${RECORD} a Promise; update is synchronous.`)],
  ['a list', (grads) => Object.values(grads), new TypeError(`${RECORD} a list of 1.`)],
  ['a Map', (grads) => new Map(Object.entries(grads)), new TypeError(`${RECORD} a Map.`)],
  ['a tensor', (grads) => grads['a/w'], new TypeError(`${RECORD} a Tensor.`)],
  [
    'a number for a tensor',
    () => ({'a/w': 1}),
    new TypeError(
      "transform 'mine': update must return a tensor for 'a/w', got the number 1. Leave out what has no gradient.",
    ),
  ],
  [
    'undefined for a tensor',
    () => ({'a/w': undefined}),
    new TypeError(
      "transform 'mine': update must return a tensor for 'a/w', got undefined. Leave out what has no gradient.",
    ),
  ],
  [
    'a wrong shape',
    (grads) => ({'a/w': tf.sum(grads['a/w']!)}),
    new Error("transform 'mine': update returned shape [] for 'a/w', which has [2]."),
  ],
  [
    'a wrong dtype',
    (grads) => ({'a/w': tf.cast(grads['a/w']!, 'int32')}),
    new Error("transform 'mine': update returned int32 for 'a/w', which is float32."),
  ],
  [
    'an unknown name',
    (grads) => ({...grads, v: tf.scalar(1)}),
    new Error(
      "transform 'mine': update returned a gradient for 'v', which had none: it is frozen, not connected to the loss, or no parameter.",
    ),
  ],
  [
    'a filled hole',
    (grads) => ({...grads, 'a/hole': tf.scalar(1)}),
    new Error(
      "transform 'mine': update returned a gradient for 'a/hole', which had none: it is frozen, not connected to the loss, or no parameter.",
    ),
  ],
  [
    'a disposed tensor',
    (grads) => ({'a/w': disposed(grads['a/w']!)}),
    new Error("transform 'mine': update returned a disposed tensor for 'a/w'. Never call dispose."),
  ],
  [
    'its input, disposed',
    (grads) => (grads['a/w']!.dispose(), grads),
    new Error("transform 'mine': update returned a disposed tensor for 'a/w'. Never call dispose."),
  ],
];

describe.each<[string, (mine: GradientTransform) => GradientTransform[]]>([
  ['alone', (mine) => [mine]],
  ['between others', (mine) => [heavyBall({decay: 0.5}), mine, scaled({factor: 2})]],
  ['in a chain', (mine) => [chain(chain(mine), scaled({factor: 2}))]],
  ['masked', (mine) => [masked('**', mine)]],
  ['in a partition', (mine) => [partition([['**', mine]])]],
  ['every step', (mine) => [everyNSteps(1, mine)]],
])('a stateless transform %s', (_where, around) => {
  test.each(BREACHES)('is named when it returns %s', (_name, update, error) => {
    expect(step(...around(statelessly(update)))).toThrow(error);
  });
});

describe('what stays allowed:', () => {
  test('gradients that go', () => {
    expect(step(statelessly(() => ({})))).not.toThrow();
  });

  test('a gradient of another type than its parameter, as long as it is passed on or brought to its type', () => {
    const w = tf.variable(tf.tensor1d([4]), true, 'w');
    const gradient = tf.tensor1d([1], 'int32');
    const pass = stateless('pass', {}, (grads) => ({...grads}));
    const cast = stateless('cast', {}, ({w: g}) => ({w: tf.cast(g!, 'float32')}));
    transformGradients(tf.train.sgd(1), pass, cast).applyGradients({w: gradient});
    expect(numbers(w)).toEqual([3]);
  });

  test('a record without prototype', () => {
    const w = tf.variable(tf.tensor1d([4]), true, 'w');
    const bare = statelessly((grads) => Object.assign(Object.create(null), grads));
    transformGradients(tf.train.sgd(1), bare).applyGradients({w: tf.tensor1d([1])});
    expect(numbers(w)).toEqual([3]);
  });
});
