import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, test} from 'vitest';
import {runTransform} from '../fixtures/runTransform.js';
import {heavyBall, numbers, scaled} from '../fixtures/training.js';
import {globalNorm, mapTensors, masked, stateless, transformGradients} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const PARAMS = ['dense/kernel', 'dense/bias', 'out/kernel'];
const GRADS = {'dense/kernel': 3, 'dense/bias': 5, 'out/kernel': 4};

test('changes the selected and passes the others', () => {
  const {grads} = runTransform(masked('dense/*', scaled({factor: 2})), PARAMS, [GRADS]);
  expect(grads).toEqual([{'dense/kernel': 6, 'dense/bias': 10, 'out/kernel': 4}]);
});

test('shows the transform the selected only', () => {
  const unit = stateless('unit', {}, (grads) => mapTensors(grads, (g) => tf.div(g, globalNorm(grads))));
  const {grads} = runTransform(masked('**/kernel', unit), PARAMS, [GRADS]);
  expect(grads[0]!['dense/kernel']).toBeCloseTo(0.6, 6);
});

test('keeps state for the selected only', () => {
  const {state} = runTransform(masked('*/bias', heavyBall({decay: 0.5})), PARAMS, [GRADS]);
  expect(Object.keys(state as object)).toEqual(['dense/bias']);
});

test('leaves a selected hole a hole', () => {
  const {grads} = runTransform(masked('*/bias', scaled({factor: 2})), PARAMS, [{'out/kernel': 1}]);
  expect(grads).toEqual([{'out/kernel': 1}]);
});

test('selects among the selected when nested', () => {
  const {grads} = runTransform(masked('dense/*', masked('**/kernel', scaled({factor: 2}))), PARAMS, [GRADS]);
  expect(grads).toEqual([{...GRADS, 'dense/kernel': 6}]);
});

test('a selector that matches nothing is told with the names that there are', () => {
  expect(() => runTransform(masked('**/gamma', scaled({factor: 2})), PARAMS, [])).toThrow(
    /^masked: the selector \*\*\/gamma matches no parameter\. Nearest of 3: \w+\/\w+, \w+\/\w+, \w+\/\w+\.$/,
  );
});

test('a selector that matches nothing throws at every step, before any update', () => {
  const w = tf.variable(tf.scalar(1), true, 'w');
  const optimizer = transformGradients(tf.train.sgd(0.1), masked(/kernel/, scaled({factor: 2})));
  for (let i = 0; i < 2; i++) {
    expect(() => optimizer.minimize(() => tf.square(w) as tf.Scalar)).toThrow(
      /masked: the selector \/kernel\//,
    );
  }
  expect(numbers(w)).toEqual([1]);
});

test('a selector that matches nothing among variables without a name says how to name them', () => {
  expect(() => runTransform(masked('**/kernel', scaled({factor: 2})), ['0', '1'], [])).toThrow(
    "masked: the selector **/kernel matches no parameter. Nearest of 2: 0, 1. Name your variables: tf.variable(x, true, 'name').",
  );
});

const SELECT = 'masked: select must be a glob, a RegExp or a function, got';
const TRANSFORM = 'masked: transform must be a GradientTransform, got';

test.each<[string, unknown[], string]>([
  ['a factory', ['**', scaled], `${TRANSFORM} the function scaled. Was the factory not called?`],
  [
    'arguments in another order',
    [scaled({factor: 2}), '**'],
    `${TRANSFORM} the string '**'. Call masked(select, transform).`,
  ],
  [
    'nothing but a transform',
    [scaled({factor: 2})],
    `${TRANSFORM} undefined. Call masked(select, transform).`,
  ],
  ['two transforms', [scaled({factor: 2}), scaled({factor: 2})], `${SELECT} the transform 'scaled'.`],
  [
    'a list of selectors',
    [['a/**', 'b/**'], scaled({factor: 2})],
    `${SELECT} a list of 2. For several, use a glob like '{a,b}/**'.`,
  ],
  ['the empty selector', ['', scaled({factor: 2})], `${SELECT} the string ''.`],
  ['no selector', [undefined, scaled({factor: 2})], `${SELECT} undefined.`],
])('refuses %s', (_name, args, message) => {
  expect(() => masked(...(args as Parameters<typeof masked>))).toThrow(new TypeError(message));
});

test('is frozen', () => {
  expect(Object.isFrozen(masked('*', scaled({factor: 1})))).toBe(true);
});
