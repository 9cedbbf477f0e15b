import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, test} from 'vitest';
import {runTransform} from '../fixtures/runTransform.js';
import {heavyBall, scaled} from '../fixtures/training.js';
import {partition, stateless} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const PARAMS = ['a/kernel', 'a/bias', 'b/kernel', 'b/bias'];
const ONES = {'a/kernel': 1, 'a/bias': 1, 'b/kernel': 1, 'b/bias': 1};
const times = (factor: number) => scaled({factor});

test('the first rule that matches has the parameter', () => {
  const rules = partition([
    ['a/*', times(2)],
    ['**/kernel', times(3)],
    ['**', times(4)],
  ]);
  expect(runTransform(rules, PARAMS, [ONES]).grads).toEqual([
    {'a/kernel': 2, 'a/bias': 2, 'b/kernel': 3, 'b/bias': 4},
  ]);
});

test('parameters that no rule matches pass', () => {
  expect(runTransform(partition([['a/bias', times(2)]]), PARAMS, [ONES]).grads).toEqual([
    {...ONES, 'a/bias': 2},
  ]);
});

test('without rules everything passes', () => {
  expect(runTransform(partition([]), PARAMS, [ONES]).grads).toEqual([ONES]);
});

test('each rule sees its own part only', () => {
  const seen: string[][] = [];
  const spy = () => stateless('spy', {}, (grads) => (seen.push(Object.keys(grads)), grads));
  runTransform(
    partition([
      [/kernel/, spy()],
      [({role}) => role === 'bias', spy()],
    ]),
    PARAMS,
    [ONES],
  );
  expect(seen).toEqual([
    ['a/kernel', 'b/kernel'],
    ['a/bias', 'b/bias'],
  ]);
});

test('each rule has a state of its own', () => {
  const {state} = runTransform(
    partition([
      ['a/*', heavyBall({decay: 0.5})],
      ['b/kernel', heavyBall({decay: 0.5})],
    ]),
    PARAMS,
    [ONES],
  );
  expect((state as object[]).map((part) => Object.keys(part))).toEqual([
    ['a/kernel', 'a/bias'],
    ['b/kernel'],
  ]);
});

test('holes stay holes', () => {
  const {grads} = runTransform(partition([['**', times(2)]]), PARAMS, [{'b/bias': 1}]);
  expect(grads).toEqual([{'b/bias': 2}]);
});

test('a rule whose selector matches nothing is told', () => {
  expect(() => runTransform(partition([['c/*', times(2)]]), PARAMS, [])).toThrow(
    /^partition: the selector c\/\* matches no parameter\. Nearest of 4: /,
  );
});

test('a rule that earlier rules have left nothing is told', () => {
  const rules = partition([
    ['**', times(2)],
    ['a/*', times(3)],
  ]);
  expect(() => runTransform(rules, PARAMS, [])).toThrow('partition: the selector a/* matches no parameter.');
});

const HINT = 'Call partition([[select, transform], …]).';

test.each<[string, unknown, string]>([
  ['no rules', undefined, `rules must be a list of pairs, got undefined. ${HINT}`],
  ['a record', {'**': times(2)}, `rules must be a list of pairs, got a plain object. ${HINT}`],
  ['one pair', ['**', times(2)], `rule 0 must be a pair [select, transform], got the string '**'. ${HINT}`],
  [
    'a rule without a transform',
    [['**', times(2)], ['**']],
    `rule 1 must be a pair [select, transform], got a list of 1. ${HINT}`,
  ],
  [
    'a factory',
    [['**', scaled]],
    'the transform of rule 0 must be a GradientTransform, got the function scaled. Was the factory not called?',
  ],
  [
    'a pair in another order',
    [[times(2), '**']],
    `the transform of rule 0 must be a GradientTransform, got the string '**'. ${HINT}`,
  ],
  [
    'the number of a layer',
    [[0, times(2)]],
    'the selector of rule 0 must be a glob, a RegExp or a function, got the number 0.',
  ],
])('refuses %s', (_name, rules, message) => {
  expect(() => partition(rules as never)).toThrow(new TypeError(`partition: ${message}`));
});

test('is frozen', () => {
  expect(Object.isFrozen(partition([]))).toBe(true);
});
