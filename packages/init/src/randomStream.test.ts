import {describe, expect, it} from 'vitest';
import {momentsOf} from '../fixtures/moments.js';
import {RandomStream} from './randomStream.js';

const million = 1_000_000;

/** Of what a stream gives, one number after the other. */
function draw(next: (random: RandomStream) => number, length = million, seed = 1): Float64Array {
  const random = new RandomStream(seed);
  return Float64Array.from({length}, () => next(random));
}

describe('a stream of random numbers', () => {
  it('is the same for the same seed, whatever the machine', () => {
    expect([...draw((random) => random.integer(1000), 8, 42)]).toMatchInlineSnapshot(`
      [
        922,
        360,
        940,
        315,
        878,
        521,
        577,
        603,
      ]
    `);
  });

  it('begins otherwise for each of a thousand seeds', () => {
    const firsts = Array.from({length: 1000}, (_, seed) => new RandomStream(seed).uniform());
    expect(new Set(firsts).size).toBe(1000);
  });

  it('has nothing in common with that of the next seed', () => {
    const a = draw((random) => random.normal(), million, 7);
    const b = draw((random) => random.normal(), million, 8);
    const correlation = a.reduce((sum, value, i) => sum + value * b[i]!, 0) / million;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(million));
  });

  it('does not repeat what came one number before', () => {
    const a = draw((random) => random.normal());
    const correlation = a.reduce((sum, value, i) => sum + value * (a[i + 1] ?? 0), 0) / million;
    expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(million));
  });

  it('fills a hundred bins alike: chi-squared with 99 degrees of freedom', () => {
    const counts = new Float64Array(100);
    for (const value of draw((random) => random.uniform())) counts[Math.floor(value * 100)]! += 1;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1e4) ** 2 / 1e4, 0);
    // The 0.001 and 0.999 quantiles.
    expect(chiSquared).toBeGreaterThan(61.1);
    expect(chiSquared).toBeLessThan(148.2);
  });

  it('is normal where that is asked for', () => {
    const {mean, deviation, kurtosis, largest} = momentsOf(draw((random) => random.normal()));
    expect(Math.abs(mean)).toBeLessThan(0.004);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.003);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.02);
    expect(largest).toBeGreaterThan(4);
  });

  it('is truncated at 2 where that is asked for', () => {
    const {mean, deviation, kurtosis, smallest, largest} = momentsOf(
      draw((random) => random.truncatedNormal()),
    );
    expect(Math.abs(mean)).toBeLessThan(0.004);
    expect(Math.abs(deviation - 0.8796256610342398)).toBeLessThan(0.003);
    expect(Math.abs(kurtosis - 2.3664)).toBeLessThan(0.01);
    expect(smallest).toBeGreaterThanOrEqual(-2);
    expect(largest).toBeLessThanOrEqual(2);
  });
});
