import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parameterKeys} from './index.js';

/** The keys in the order of `names`. */
const keys = (...names: string[]): number[] => {
  const record = parameterKeys(names);
  return names.map((name) => record[name]!);
};

test('the key of a name without numbers is its FNV-1a hash', () => {
  expect(keys('', 'a', 'foobar')).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});

describe('are the same', () => {
  const original = keys(
    'dense_Dense1/kernel',
    'dense_Dense1/bias',
    'dense_Dense2/kernel',
    'dense_Dense2/bias',
  );

  test('in a model that is loaded beside its original', () => {
    expect(
      keys('dense_Dense1/kernel_1', 'dense_Dense1/bias_1', 'dense_Dense2/kernel_1', 'dense_Dense2/bias_1'),
    ).toEqual(original);
  });

  test('in a model that is built again', () => {
    expect(
      keys('dense_Dense3/kernel', 'dense_Dense3/bias', 'dense_Dense4/kernel', 'dense_Dense4/bias'),
    ).toEqual(original);
  });

  test('in a model that is built again where the count goes from 9 to 10', () => {
    expect(
      keys('dense_Dense9/kernel', 'dense_Dense9/bias', 'dense_Dense10/kernel', 'dense_Dense10/bias'),
    ).toEqual(original);
  });

  test('whatever order the names come in', () => {
    const names = ['dense_Dense9/kernel', 'dense_Dense10/kernel', 'dense_Dense100/kernel', 'w', 'w_1', '7'];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, {minLength: names.length}), (shuffled) => {
        expect(parameterKeys(shuffled)).toEqual(parameterKeys(names));
      }),
    );
  });
});

test.each([
  ['layers of one kind', ['dense_1/kernel', 'dense_2/kernel', 'dense_3/kernel']],
  ['variables that tfjs has named by number', ['1', '2', '13']],
  ['names that differ in leading zeros', ['layer_1/kernel', 'layer_01/kernel', 'layer_001/kernel']],
  ['kernel and bias', ['dense_1/kernel', 'dense_1/bias']],
])('differ between %s', (_what, names) => {
  expect(new Set(keys(...names)).size).toBe(names.length);
});

test('every name has a 32-bit key of its own', () => {
  const name = fc.array(fc.constantFrom('dense', '/', '_', '1', '9', '10', '0', 'ä'), {maxLength: 8});
  fc.assert(
    fc.property(
      fc.uniqueArray(
        name.map((parts) => parts.join('')),
        {maxLength: 12},
      ),
      (names) => {
        const all = keys(...names);
        expect(new Set(all).size).toBe(names.length);
        for (const key of all) expect(key >>> 0).toBe(key);
      },
    ),
  );
});
