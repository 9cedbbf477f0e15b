import {describe, expect, it} from 'vitest';
import {deriveKey, splitNumber, threefry2x32, type WordPair} from './threefry.js';

function block(key: WordPair, counter: WordPair): number[] {
  const words = new Int32Array(2);
  threefry2x32(key, counter, words);
  return [...words].map((word) => word >>> 0);
}

describe('threefry2x32', () => {
  it.each<[WordPair, WordPair, number[]]>([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ])('gives the known answer of Random123 for key %j and counter %j', (key, counter, answer) => {
    expect(block(key, counter)).toEqual(answer);
  });

  it('makes any part of a stream without the rest', () => {
    const words = new Int32Array(20);
    threefry2x32([1, 2], [0, 3], words);
    expect(block([1, 2], [9, 3])).toEqual([...words.subarray(18)].map((word) => word >>> 0));
  });

  it('counts on past the sign bit', () => {
    const words = new Int32Array(4);
    threefry2x32([1, 2], [0x7fffffff, 0], words);
    expect(block([1, 2], [0x80000000, 0])).toEqual([...words.subarray(2)].map((word) => word >>> 0));
  });
});

describe('deriveKey', () => {
  it('gives different keys for different counters', () => {
    const keys = new Set(Array.from({length: 1000}, (_, i) => deriveKey([0, 0], [i, 0]).join()));
    expect(keys.size).toBe(1000);
  });
});

describe('splitNumber', () => {
  it.each([
    [0, [0, 0]],
    [1, [1, 0]],
    [2 ** 32 + 5, [5, 1]],
    [2 ** 53 - 1, [-1, 2 ** 21 - 1]],
    [-1, [-1, -1]],
  ])('splits %d into %j', (value, words) => {
    expect(splitNumber(value)).toEqual(words);
  });
});
