import {describe, expect, test} from 'vitest';
import {requireOptions} from './index.js';

interface Options {
  readonly maxNorm: number;
  readonly when?: unknown;
}
const given = (options: unknown): Options =>
  requireOptions('f', options as Options, {maxNorm: 1, when: 'every(10)'});

describe('requireOptions', () => {
  test.each([{}, {maxNorm: 1}, {when: undefined, maxNorm: '1'}, Object.create(null)])(
    'gives back %o',
    (options) => {
      expect(given(options)).toBe(options);
    },
  );

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [1, 'the number 1'],
    ['1', "the string '1'"],
    [[1], 'a list of 1'],
    [() => 1, 'an anonymous function'],
  ])('refuses %o in place of an object', (options, words) => {
    expect(() => given(options)).toThrow(
      new TypeError(`f: options must be an object, e.g. f({maxNorm: 1, when: every(10)}), got ${words}.`),
    );
  });

  test.each(['maxnorm', 'toString', ''])('refuses the unknown option %j', (option) => {
    expect(() => given({maxNorm: 1, [option]: 1})).toThrow(
      new TypeError(`f: there is no option '${option}'. Options: maxNorm, when.`),
    );
  });

  test('shows the other arguments of the call', () => {
    expect(() => requireOptions('fit', 1 as never, {epochs: 3} as never, 'data, ')).toThrow(
      'fit: options must be an object, e.g. fit(data, {epochs: 3}), got the number 1.',
    );
  });
});
