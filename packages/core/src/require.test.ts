import {describe, expect, test} from 'vitest';
import {requireInteger, requireNonNegative, requirePositive} from './index.js';

const NO_NUMBERS = [NaN, Infinity, -Infinity, '1', null, undefined, true, [1]] as unknown as number[];

describe('requirePositive', () => {
  test.each([1, 0.1, Number.MIN_VALUE])('accepts %s', (maxNorm) => {
    expect(() => requirePositive('clipByNorm', {maxNorm})).not.toThrow();
  });

  test.each([0, -0, -1, ...NO_NUMBERS])('refuses %s', (maxNorm) => {
    expect(() => requirePositive('clipByNorm', {maxNorm})).toThrow(
      new RangeError(`clipByNorm: maxNorm must be > 0, got ${maxNorm}.`),
    );
  });
});

describe('requireNonNegative', () => {
  test.each([0, 1, 0.1])('accepts %s', (eta) => {
    expect(() => requireNonNegative('gradientNoise', {eta})).not.toThrow();
  });

  test.each([-1, -Number.MIN_VALUE, ...NO_NUMBERS])('refuses %s', (eta) => {
    expect(() => requireNonNegative('gradientNoise', {eta})).toThrow(
      new RangeError(`gradientNoise: eta must be >= 0, got ${eta}.`),
    );
  });
});

describe('requireInteger', () => {
  test.each([
    [1, 1],
    [10, 1],
    [0, 0],
    [-2, -3],
  ])('accepts %s for at least %s', (n, min) => {
    expect(() => requireInteger('every', {n}, min)).not.toThrow();
  });

  test.each([0, 1.5, 2 ** 53, ...NO_NUMBERS])('refuses %s', (n) => {
    expect(() => requireInteger('every', {n}, 1)).toThrow(
      new RangeError(`every: n must be a whole number >= 1, got ${n}.`),
    );
  });
});

test('the first option that is wrong is named', () => {
  expect(() => requirePositive('f', {a: 1, b: -2, c: -3})).toThrow('f: b must be > 0, got -2.');
});
