import {type Initializer, paramSpec} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {momentsOf} from '../fixtures/moments.js';
import {constant} from './constant.js';
import {randomNormal} from './randomNormal.js';
import {randomUniform} from './randomUniform.js';
import {truncatedNormal} from './truncatedNormal.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

function draw(initializer: Initializer, shape: readonly number[] = [1000, 1000]): Float32Array {
  return initializer(paramSpec('dense/kernel', shape), 42).dataSync<'float32'>();
}

describe('randomNormal', () => {
  it.each([
    [0, 0.05],
    [0, 1],
    [0, 10],
    [-3, 0.5],
  ])('has mean %d and deviation %d', (mean, stddev) => {
    const moments = momentsOf(draw(randomNormal({mean, stddev})));
    expect(Math.abs(moments.mean - mean) / stddev).toBeLessThan(0.004);
    expect(Math.abs(moments.deviation / stddev - 1)).toBeLessThan(0.003);
    expect(Math.abs(moments.kurtosis - 3)).toBeLessThan(0.02);
  });

  it('has deviation 0.05 where none is given', () => {
    expect(momentsOf(draw(randomNormal())).deviation).toBeCloseTo(0.05, 3);
  });

  it('is constant with deviation 0', () => {
    expect([...draw(randomNormal({mean: 2, stddev: 0}), [3])]).toEqual([2, 2, 2]);
  });

  it.each<[object, string]>([
    [{stddev: -1}, 'stddev must be >= 0, got -1.'],
    [{stddev: Number.NaN}, 'stddev must be >= 0, got NaN.'],
    [{mean: Infinity}, 'mean must be a finite number, got Infinity.'],
    [{mean: '0'}, "mean must be a finite number, got the string '0'."],
  ])('refuses %o', (options, message) => {
    expect(() => randomNormal(options)).toThrow(new RangeError(`randomNormal: ${message}`));
  });
});

describe('truncatedNormal', () => {
  it('has 0.8796 of the deviation, and nothing beyond two', () => {
    const {mean, deviation, smallest, largest} = momentsOf(draw(truncatedNormal({mean: 1, stddev: 0.1})));
    expect(Math.abs(mean - 1)).toBeLessThan(0.0004);
    expect(Math.abs(deviation / 0.08796256610342398 - 1)).toBeLessThan(0.003);
    expect(smallest).toBeGreaterThan(0.79999);
    expect(largest).toBeLessThan(1.20001);
  });

  it('is constant with deviation 0', () => {
    expect([...draw(truncatedNormal({stddev: 0}), [3])]).toEqual([0, 0, 0]);
  });

  it('refuses a negative deviation', () => {
    expect(() => truncatedNormal({stddev: -1})).toThrow(
      new RangeError('truncatedNormal: stddev must be >= 0, got -1.'),
    );
  });
});

describe('randomUniform', () => {
  it.each([
    [-0.05, 0.05],
    [0, 1],
    [-3, -1],
  ])('fills %d to %d', (minval, maxval) => {
    const moments = momentsOf(draw(randomUniform({minval, maxval})));
    const width = maxval - minval;
    expect(Math.abs(moments.mean - (minval + maxval) / 2) / width).toBeLessThan(0.0015);
    expect(Math.abs((moments.deviation * Math.sqrt(12)) / width - 1)).toBeLessThan(0.003);
    expect(Math.abs(moments.kurtosis - 9 / 5)).toBeLessThan(0.01);
    expect(moments.smallest).toBeGreaterThanOrEqual(Math.fround(minval));
    expect(moments.largest).toBeLessThanOrEqual(Math.fround(maxval));
  });

  it('begins at 0 where that is asked for', () => {
    expect(momentsOf(draw(randomUniform({minval: 0}))).smallest).toBeGreaterThanOrEqual(0);
  });

  it.each<[object, string]>([
    [{minval: 1, maxval: 0}, 'maxval must be >= minval, got 0 and 1.'],
    [{minval: -Infinity}, 'minval must be a finite number, got -Infinity.'],
  ])('refuses %o', (options, message) => {
    expect(() => randomUniform(options)).toThrow(new RangeError(`randomUniform: ${message}`));
  });
});

describe('constant', () => {
  it.each([0, -1.5])('fills with %d', (value) => {
    expect([...draw(constant({value}), [2, 2])]).toEqual([value, value, value, value]);
  });

  it('wants a number', () => {
    expect(() => constant({} as never)).toThrow(
      new RangeError('constant: value must be a finite number, got undefined.'),
    );
  });

  it('wants options', () => {
    expect(() => constant(1 as never)).toThrow(
      new TypeError('constant: options must be an object, e.g. constant({value: 0.1}), got the number 1.'),
    );
  });
});
