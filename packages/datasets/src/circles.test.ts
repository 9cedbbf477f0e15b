import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import fixtures from '../fixtures/circles.json' with {type: 'json'};
import {sha256} from '../fixtures/sha256.js';
import {circles, type CirclesOptions} from './circles.js';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

function points(options?: CirclesOptions): number[][] {
  const {x, y} = circles(options);
  return tf.concat([x, y], 1).arraySync() as number[][];
}

describe.each(fixtures.cases)(
  'circles of $options.samples, factor $options.factor, noise $options.noise, seed $options.seed equals scikit-learn',
  ({options, rows, sha256: digest}) => {
    it('in the rows that the fixture shows', () => {
      const actual = points(options);
      for (const [i, ...row] of rows) expect(actual[i as number]).toEqual(row.map(Math.fround));
    });

    it('in every float32 of every row', async () => {
      const {x, y} = circles(options);
      expect(await sha256(x.dataSync(), y.dataSync())).toBe(digest);
    });
  },
);

describe('circles', () => {
  it('makes the published data by default', () => {
    const rows = points();
    expect(rows[0]).toEqual([0.422493951526985, 0.20644586260848452, 1].map(Math.fround));
    expect(rows[1]).toEqual([-0.3827100616210898, 0.1584823975275753, 1].map(Math.fround));
    expect(rows[4]).toEqual([0.45408869508997035, -0.890465859651806, 0].map(Math.fround));
    expect(rows[999]?.[0]).toBeCloseTo(0.27181056, 7);
    expect(rows[999]?.[1]).toBeCloseTo(0.97619727, 7);
    expect(
      rows
        .slice(0, 20)
        .map((row) => row[2])
        .join(''),
    ).toBe('11110111101011110110');
    expect(rows.reduce((sum, [x0, x1]) => sum + (x0 as number) + (x1 as number), 0)).toBeCloseTo(
      -4.17326245603399,
      5,
    );
  });

  it('returns [n, 2] and [n, 1], both float32', () => {
    const {x, y} = circles({samples: 7});
    expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[7, 2], 'float32', [7, 1], 'float32']);
  });

  it('gives the odd point to the inner circle', () => {
    expect(tf.sum(circles({samples: 7}).y).arraySync()).toBe(4);
  });

  it('puts class 0 at radius 1 and class 1 at radius factor when there is no noise', () => {
    const options = fc.record({
      samples: fc.integer({min: 1, max: 60}),
      factor: fc.double({min: 0, max: 0.99, noNaN: true}),
      seed: fc.integer({min: 0, max: 0xffffffff}),
    });
    fc.assert(
      fc.property(options, (given) => {
        for (const [x0, x1, label] of points({...given, noise: 0}) as [number, number, number][]) {
          expect(Math.hypot(x0, x1)).toBeCloseTo(label === 1 ? given.factor : 1, 6);
        }
      }),
      {numRuns: 50},
    );
  });

  it('gives the same data for the same seed', () => {
    expect(points({samples: 50, seed: 3})).toEqual(points({samples: 50, seed: 3}));
  });

  it('gives other data for another seed', () => {
    expect(points({samples: 50, seed: 3})).not.toEqual(points({samples: 50, seed: 4}));
  });

  it('leaves no tensors but the two that it returns', () => {
    const before = tf.memory().numTensors;
    const {x, y} = circles({samples: 10});
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([x, y]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[CirclesOptions, string]>([
    [{samples: 0}, 'samples must be a whole number >= 1, got 0.'],
    [{samples: 2.5}, 'samples must be a whole number >= 1, got 2.5.'],
    [{factor: 2}, 'factor must be in [0, 1), got 2.'],
    [{factor: 1}, 'factor must be in [0, 1), got 1.'],
    [{factor: -0.1}, 'factor must be in [0, 1), got -0.1.'],
    [{factor: Number.NaN}, 'factor must be in [0, 1), got NaN.'],
    [{noise: -1}, 'noise must be finite and >= 0, got -1.'],
    [{noise: Number.POSITIVE_INFINITY}, 'noise must be finite and >= 0, got Infinity.'],
    [{seed: -1}, 'seed must be an integer in [0, 4294967295], got -1.'],
    [{seed: 2 ** 32}, 'seed must be an integer in [0, 4294967295], got 4294967296.'],
    [{seed: '42' as unknown as number}, "seed must be an integer in [0, 4294967295], got the string '42'."],
    [{noise: null as unknown as number}, 'noise must be finite and >= 0, got null.'],
  ])('rejects %o by name', (options, message) => {
    expect(() => circles(options)).toThrow(new RangeError(`circles: ${message}`));
  });

  const CALL =
    'options must be an object, e.g. circles({samples: 1000, factor: 0.5, noise: 0.1, seed: 42}), got';

  it.each<[unknown, string]>([
    [200, `${CALL} the number 200.`],
    [null, `${CALL} null.`],
    [[200], `${CALL} a list of 1.`],
    [{n: 200}, "there is no option 'n'. Options: samples, factor, noise, seed."],
  ])('rejects the options %o', (options, message) => {
    expect(() => circles(options as CirclesOptions)).toThrow(new TypeError(`circles: ${message}`));
  });

  it('takes an option that is undefined for one that is not given', () => {
    const {x, y} = circles({samples: undefined});
    expect([x.shape, y.shape]).toEqual([
      [1000, 2],
      [1000, 1],
    ]);
  });
});
