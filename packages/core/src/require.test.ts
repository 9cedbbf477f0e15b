import {describe, expect, test} from 'vitest';
import {requireInteger, requireNonNegative, requirePositive} from './index.js';

const NO_NUMBERS = [
  ['1', "the string '1'"],
  ['', "the string ''"],
  [null, 'null'],
  [undefined, 'undefined'],
  [true, 'true'],
  [[1], 'a list of 1'],
  [1n, 'the bigint 1'],
] as unknown as readonly [number, string][];

describe('requirePositive', () => {
  test.each([1, 0.1, Number.MIN_VALUE])('accepts %s', (maxNorm) => {
    expect(() => requirePositive('clipByNorm', {maxNorm})).not.toThrow();
  });

  test.each([0, -0, -1, NaN, -Infinity])('refuses %s', (maxNorm) => {
    expect(() => requirePositive('clipByNorm', {maxNorm})).toThrow(
      new RangeError(`clipByNorm: maxNorm must be > 0, got ${maxNorm}.`),
    );
  });

  test('refuses Infinity', () => {
    expect(() => requirePositive('clipByNorm', {maxNorm: Infinity})).toThrow(
      new RangeError('clipByNorm: maxNorm must be a finite number > 0, got Infinity.'),
    );
  });

  test.each(NO_NUMBERS)('refuses %o, which is no number', (maxNorm, words) => {
    expect(() => requirePositive('clipByNorm', {maxNorm})).toThrow(
      new RangeError(`clipByNorm: maxNorm must be a number > 0, got ${words}.`),
    );
  });
});

describe('requireNonNegative', () => {
  test.each([0, 1, 0.1])('accepts %s', (eta) => {
    expect(() => requireNonNegative('gradientNoise', {eta})).not.toThrow();
  });

  test.each([-1, -Number.MIN_VALUE, NaN, -Infinity])('refuses %s', (eta) => {
    expect(() => requireNonNegative('gradientNoise', {eta})).toThrow(
      new RangeError(`gradientNoise: eta must be >= 0, got ${eta}.`),
    );
  });

  test('refuses Infinity', () => {
    expect(() => requireNonNegative('gradientNoise', {eta: Infinity})).toThrow(
      new RangeError('gradientNoise: eta must be a finite number >= 0, got Infinity.'),
    );
  });

  test.each(NO_NUMBERS)('refuses %o, which is no number', (eta, words) => {
    expect(() => requireNonNegative('gradientNoise', {eta})).toThrow(
      new RangeError(`gradientNoise: eta must be a number >= 0, got ${words}.`),
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

  test.each([0, 1.5, 2 ** 53, NaN, Infinity, -Infinity])('refuses %s', (n) => {
    expect(() => requireInteger('every', {n}, 1)).toThrow(
      new RangeError(`every: n must be a whole number >= 1, got ${n}.`),
    );
  });

  test.each(NO_NUMBERS)('refuses %o, which is no number', (n, words) => {
    expect(() => requireInteger('every', {n}, 1)).toThrow(
      new RangeError(`every: n must be a whole number >= 1, got ${words}.`),
    );
  });
});

test('the first option that is wrong is named', () => {
  expect(() => requirePositive('f', {a: 1, b: -2, c: -3})).toThrow('f: b must be > 0, got -2.');
});
