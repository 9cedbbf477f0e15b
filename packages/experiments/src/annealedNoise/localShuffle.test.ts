import {describe, expect, it} from 'vitest';
import {localShuffle} from './localShuffle.js';

describe('localShuffle', () => {
  const inOrder = Array.from({length: 50}, (_, i) => i);

  it('gives every number once', () => {
    for (const size of [1, 8, 49, 50, 80]) {
      expect([...localShuffle(50, size, 1)].sort((a, b) => a - b)).toEqual(inOrder);
    }
  });

  it('lets no number come earlier than the buffer reaches', () => {
    const order = [...localShuffle(5000, 64, 3)];
    const early = order.map((number, place) => number - place);
    expect(Math.max(...early)).toBe(63);
  });

  it('leaves the order with a buffer of one', () => {
    expect([...localShuffle(50, 1, 1)]).toEqual(inOrder);
  });

  it('draws every place of the buffer about as often', () => {
    const firsts = Array.from({length: 4000}, (_, seed) => localShuffle(10, 4, seed)[0]!);
    for (const first of [0, 1, 2, 3]) {
      const share = firsts.filter((number) => number === first).length / firsts.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
    }
  });

  it('is a function of the seed', () => {
    expect(localShuffle(50, 50, 7)).toEqual(localShuffle(50, 50, 7));
    expect(localShuffle(50, 50, 7)).not.toEqual(localShuffle(50, 50, 8));
  });
});
