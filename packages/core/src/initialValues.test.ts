import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {type Initializer, initialValues, parameterKeys} from './index.js';

const seedOf: Initializer = ({shape}, seed) => tf.fill([...shape], seed % 1000);

function variablesOf(shapes: Readonly<Record<string, number[]>>): tf.Variable[] {
  return Object.entries(shapes).map(([name, shape]) => tf.variable(tf.zeros(shape), true, name));
}

describe('initialValues', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('gives each parameter a seed of its own, which follows from its key', () => {
    const variables = variablesOf({'a/kernel': [2, 2], 'b/kernel': [2, 2], 'a/bias': [2]});
    const values = initialValues('test', {'**/kernel': seedOf}, variables, 7);
    expect(values.map(({variable}) => variable.name)).toEqual(['a/kernel', 'b/kernel']);
    const [a, b] = values.map(({value}) => value.dataSync()[0]);
    expect(a).not.toBe(b);
    const again = initialValues('test', {'a/kernel': seedOf}, variables.slice(0, 1), 7);
    expect(again[0]!.value.dataSync()[0]).toBe(a);
    expect(parameterKeys(['a/kernel'])['a/kernel']).toBeDefined();
    tf.dispose(variables);
  });

  it('assigns nothing', () => {
    const variables = variablesOf({'c/kernel': [1]});
    initialValues('test', {'**/kernel': () => tf.ones([1])}, variables, 7);
    expect(variables[0]!.dataSync()[0]).toBe(0);
    tf.dispose(variables);
  });

  it.each<[string, Readonly<Record<string, Initializer>>, string]>([
    [
      'a glob that matches nothing',
      {'**/kernal': seedOf},
      'test: the selector **/kernal matches no parameter. Nearest of 1: d/kernel.',
    ],
    [
      'another shape',
      {'**/kernel': () => tf.ones([3])},
      "test: '**/kernel' gave shape [3] for 'd/kernel', which has [2].",
    ],
    [
      'what is no tensor',
      {'**/kernel': (() => 1) as unknown as Initializer},
      "test: '**/kernel' must give a tensor, got the number 1.",
    ],
  ])('rejects %s', (_, rules, message) => {
    const variables = variablesOf({'d/kernel': [2]});
    expect(() => initialValues('test', rules, variables, 1)).toThrow(message);
    tf.dispose(variables);
  });
});
