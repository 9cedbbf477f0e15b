import {describe, expect, it} from 'vitest';
import {kOfN} from './window.js';

/** At which samples an illness begins: `!` is beyond the threshold, `~` between it and half of it, `.` is well. */
function begins(samples: string, options: {k: number; n: number; warmup?: number}): number[] {
  const watch = kOfN({warmup: 0, ...options});
  const excess = {'!': 2, '~': 0.7, '.': 0.1} as const;
  return Array.from(samples, (sample, step) => ({step, value: 0, excess: excess[sample as '!']})).flatMap(
    (sample) => (watch(sample) === undefined ? [] : [sample.step]),
  );
}

describe('k of n', () => {
  const options = {k: 4, n: 5};

  it.each([
    ['!!!!', [3]],
    ['!!.!!', [4]],
    ['!!..!!', []],
    ['~~~~~~~~', []],
  ])('of %s begins at %j', (samples, steps) => {
    expect(begins(samples, options)).toEqual(steps);
  });

  it('passes over the warm-up', () => {
    expect(begins('!!!!!!!!', {...options, warmup: 3})).toEqual([6]);
  });

  it('does not begin again while half of them are still ill, or nearly so', () => {
    expect(begins('!!!!.......!!!!', options)).toEqual([3]);
    expect(begins('!!!!......~.~...!!!!', options)).toEqual([3]);
  });

  it('begins again when all has been well in between', () => {
    expect(begins('!!!!..........!!!!', options)).toEqual([3, 17]);
  });

  it('gives the samples of the window', () => {
    const watch = kOfN({k: 2, n: 3, warmup: 0});
    const samples = [2, 0, 2].map((excess, step) => ({step, value: step, excess}));
    expect(samples.map(watch)).toEqual([undefined, undefined, samples]);
  });
});
