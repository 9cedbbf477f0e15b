import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, test} from 'vitest';
import {runTransform} from '../fixtures/runTransform.js';
import {heavyBall, scaled} from '../fixtures/training.js';
import {
  chain,
  type GradientTransform,
  mapTensors,
  stateless,
  type StateTree,
  transformGradients,
} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const plusOne = () => stateless('plusOne', {}, (grads) => mapTensors(grads, (g) => tf.add(g, 1)));
const STEPS: readonly Readonly<Record<string, number>>[] = [{a: 1, b: 2}, {a: 3}, {a: -1, b: 0.5}];

test('the first transform is applied first', () => {
  const {grads} = runTransform(chain(scaled({factor: 2}), plusOne()), ['a'], [{a: 5}]);
  expect(grads).toEqual([{a: 11}]);
});

test('the empty chain changes nothing', () => {
  expect(runTransform(chain(), ['a', 'b'], STEPS).grads).toEqual(STEPS);
});

test('a chain of one is that one', () => {
  expect(runTransform(chain(heavyBall({decay: 0.5})), ['a', 'b'], STEPS).grads).toEqual(
    runTransform(heavyBall({decay: 0.5}), ['a', 'b'], STEPS).grads,
  );
});

test.each([
  ['to the left', chain(chain(heavyBall({decay: 0.5}), plusOne()), heavyBall({decay: 0.2}))],
  ['to the right', chain(heavyBall({decay: 0.5}), chain(plusOne(), heavyBall({decay: 0.2})))],
  ['with empty chains', chain(chain(), heavyBall({decay: 0.5}), chain(), plusOne(), heavyBall({decay: 0.2}))],
])('nesting %s changes nothing', (_how, nested) => {
  const flat = chain(heavyBall({decay: 0.5}), plusOne(), heavyBall({decay: 0.2}));
  expect(runTransform(nested, ['a', 'b'], STEPS).grads).toEqual(runTransform(flat, ['a', 'b'], STEPS).grads);
});

test('every transform has a state of its own', () => {
  const {state} = runTransform(
    chain(heavyBall({decay: 0}), plusOne(), heavyBall({decay: 0})),
    ['a'],
    [{a: 1}],
  );
  expect(state).toMatchObject([{a: expect.anything()}, undefined, {a: expect.anything()}]);
});

test('holes stay holes', () => {
  const {grads} = runTransform(chain(heavyBall({decay: 0.5}), plusOne()), ['a', 'b'], [{b: 1}]);
  expect(grads).toEqual([{b: 2}]);
});

test.each<[string, unknown, string]>([
  ['a factory', scaled, 'got the function scaled. Was the factory not called?'],
  ['a list', [plusOne()], 'got a list of 1. Spread it: ...transforms.'],
  ['options', {factor: 2}, 'got a plain object. Use a factory, e.g. clipByGlobalNorm({maxNorm: 1}).'],
  ['nothing', undefined, 'got undefined. Use a factory, e.g. clipByGlobalNorm({maxNorm: 1}).'],
  ['a transform without init', {name: 'x', update() {}}, 'got a plain object. It lacks init.'],
  ['a transform without a name', {init() {}, update() {}}, "got the transform 'undefined'. It lacks name."],
])('refuses %s in place of a transform', (_name, given, message) => {
  expect(() => chain(plusOne(), given as never)).toThrow(
    new TypeError(`chain: transform 1 must be a GradientTransform, ${message}`),
  );
});

test('is frozen', () => {
  expect(Object.isFrozen(chain())).toBe(true);
});

test('its configuration names its transforms and their options', () => {
  expect(chain(scaled({factor: 2}), chain()).config).toEqual({
    transforms: [
      {name: 'scaled', config: {factor: 2}},
      {name: 'chain', config: {transforms: []}},
    ],
  });
});

test('holds one copy of the gradients beside the raw ones', () => {
  const size = 1000;
  const bytes: number[] = [];
  const weigh = stateless('weigh', {}, (grads) => {
    bytes.push(tf.memory().numBytes);
    return grads;
  });
  // Its temporary must be gone, too.
  const twice = stateless('twice', {}, (grads) =>
    mapTensors(grads, (g) => {
      tf.square(g);
      return tf.mul(g, 2);
    }),
  );
  const w = tf.variable(tf.zeros([size]), true, 'w');
  const optimizer = transformGradients(tf.train.sgd(1), weigh, twice, weigh, twice, weigh, twice, weigh);
  const gradient = tf.ones([size]);
  optimizer.applyGradients({w: gradient});
  expect(w.dataSync()[0]).toBe(-8);
  expect(bytes.map((now) => (now - bytes[0]!) / (4 * size))).toEqual([0, 1, 1, 1]);
  tf.dispose([w, gradient]);
});

function transform(
  update: GradientTransform['update'],
  name: string,
  init = (): StateTree => undefined,
): GradientTransform {
  return Object.freeze({name, init, update});
}

test('leaves alone what a state, the caller or a parameter holds', () => {
  const shared = tf.keep(tf.tensor1d([1]));
  const w = tf.variable(tf.tensor1d([5]), true, 'v');
  const kept = transform((_grads, state) => [{v: shared}, state], 'kept');
  const asState = transform(
    (grads) => [{v: tf.mul(grads.v!, 3)}, grads.v!],
    'asState',
    () => tf.zeros([1]),
  );
  const weights = transform((_grads, state, {params}) => [{v: params.v!}, state], 'weights');
  const none = transform((grads, state) => [mapTensors(grads, (g) => tf.mul(g, 0)), state], 'none');
  const optimizer = transformGradients(tf.train.sgd(1), kept, asState, weights, none);
  for (let step = 0; step < 2; step++) optimizer.applyGradients({v: tf.tensor1d([7])});
  expect([shared.dataSync()[0], w.dataSync()[0]]).toEqual([1, 5]);
  tf.dispose([shared, w]);
});
