import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, test} from 'vitest';
import {runTransform} from '../fixtures/runTransform.js';
import {mapTensors, stateless} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const example = () =>
  stateless('example', {eta: 1}, (grads, {step}) => mapTensors(grads, (g) => tf.add(g, step)));

test('passes gradients and context to the function', () => {
  expect(runTransform(example(), ['a'], [{a: 1}, {a: 1}]).grads).toEqual([{a: 1}, {a: 2}]);
});

test('has no state', () => {
  expect(runTransform(example(), ['a'], [{a: 1}]).state).toBeUndefined();
});

test('carries its name and options', () => {
  expect(example()).toMatchObject({name: 'example', config: {eta: 1}});
});

test('is frozen', () => {
  expect(Object.isFrozen(example())).toBe(true);
});

const CALL = 'Call stateless(name, config, update).';

test.each<[string, unknown[], string]>([
  ['nothing', [], `name must be a non-empty string, got undefined. ${CALL}`],
  ['an empty name', ['', {}, () => ({})], `name must be a non-empty string, got the string ''. ${CALL}`],
  ['only a function', [() => ({})], `name must be a non-empty string, got an anonymous function. ${CALL}`],
  ['no options', ['x', () => ({})], `config must be a plain object, got an anonymous function. ${CALL}`],
  ['options that are null', ['x', null, () => ({})], `config must be a plain object, got null. ${CALL}`],
  ['no function', ['x', {}], `update must be a function, got undefined. ${CALL}`],
])('refuses %s', (_name, args, message) => {
  expect(() => stateless(...(args as Parameters<typeof stateless>))).toThrow(
    new TypeError(`stateless: ${message}`),
  );
});
