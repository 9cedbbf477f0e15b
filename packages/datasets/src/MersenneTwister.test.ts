import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import fixtures from '../fixtures/mersenneTwister.json' with {type: 'json'};
import {MersenneTwister} from './MersenneTwister.js';

const times = <T>(count: number, draw: () => T): T[] => Array.from({length: count}, draw);

function expectWithinLastBits(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs((actual[i] as number) - value)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(value));
  });
}

describe.each(fixtures.cases)('MersenneTwister with seed $seed equals NumPy in', (numpy) => {
  const random = () => new MersenneTwister(numpy.seed);

  it('its words, across three refills', () => {
    const generator = random();
    const words = times(2000, () => generator.uint32());
    for (const [i, word] of Object.entries(numpy.uint32)) expect(words[Number(i)]).toBe(word);
  });

  it('its uniform numbers, bit for bit', () => {
    const generator = random();
    expect(times(5, () => generator.uniform())).toEqual(numpy.uniform);
  });

  it('its normal numbers', () => {
    const generator = random();
    expectWithinLastBits(
      times(7, () => generator.normal()),
      numpy.normal,
    );
  });

  it('its shuffled order', () => {
    expect([...random().permutation(20)]).toEqual(numpy.permutation);
  });

  it('the spare normal number, which waits through a uniform one', () => {
    const generator = random();
    const mixed = [generator.normal(), generator.uniform(), generator.normal(), generator.normal()];
    expectWithinLastBits(mixed, numpy.mixed);
  });
});

describe('MersenneTwister', () => {
  const seeds = fc.integer({min: 0, max: 0xffffffff});

  it('draws the known words of MT19937 for its reference seed', () => {
    const random = new MersenneTwister(5489);
    const words = times(10000, () => random.uint32());
    expect(words[0]).toBe(3499211612);
    expect(words[9999]).toBe(4123659995);
  });

  it('keeps an interval draw within its bound, whatever the bound', () => {
    fc.assert(
      fc.property(seeds, fc.integer({min: 0, max: 0xffffffff}), (seed, max) => {
        const value = new MersenneTwister(seed).interval(max);
        expect(Number.isInteger(value) && value >= 0 && value <= max).toBe(true);
      }),
    );
  });

  it('takes nothing from the stream for an interval of one number', () => {
    const random = new MersenneTwister(1);
    expect(random.interval(0)).toBe(0);
    expect(random.uint32()).toBe(new MersenneTwister(1).uint32());
  });

  it('permutes: every index appears once', () => {
    fc.assert(
      fc.property(seeds, fc.integer({min: 0, max: 300}), (seed, length) => {
        const sorted = new MersenneTwister(seed).permutation(length).sort();
        expect([...sorted]).toEqual(Array.from({length}, (_, i) => i));
      }),
    );
  });

  it.each([-1, 2 ** 32, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('rejects the seed %d', (seed) => {
    expect(() => new MersenneTwister(seed)).toThrow(
      new RangeError(`MersenneTwister: seed must be an integer in [0, 4294967295], got ${seed}.`),
    );
  });
});
