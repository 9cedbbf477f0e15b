import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import fixtures from '../fixtures/spiral.json' with {type: 'json'};
import {sha256} from '../fixtures/sha256.js';
import {spiral, type SpiralOptions} from './spiral.js';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

function points(options?: SpiralOptions): number[][] {
  const {x, y} = spiral(options);
  return tf.concat([x, tf.expandDims(tf.cast(y, 'float32'), 1)], 1).arraySync() as number[][];
}

describe.each(fixtures.cases)(
  'spiral of $options.pointsPerClass x $options.classes, noise $options.noise, seed $options.seed equals NumPy',
  ({options, rows, sha256: digest}) => {
    it('in the rows that the fixture shows', () => {
      const actual = points(options);
      for (const [i, ...row] of rows) expect(actual[i as number]).toEqual(row.map(Math.fround));
    });

    it('in every float32 of every row', async () => {
      const {x, y} = spiral(options);
      expect(await sha256(x.dataSync(), y.dataSync())).toBe(digest);
    });
  },
);

describe('spiral', () => {
  it('makes the published data by default', () => {
    const rows = points();
    expect(rows).toHaveLength(300);
    expect(rows[1]).toEqual([0.0012135812756681982, 0.010027842517114818, 0].map(Math.fround));
    expect(rows[150]).toEqual([-0.13793781591089843, 0.48584891848547046, 1].map(Math.fround));
    expect(rows[299]).toEqual([-0.47270638487404987, 0.8812199916588971, 2].map(Math.fround));
    expect(rows.reduce((sum, [x0, x1]) => sum + (x0 as number) + (x1 as number), 0)).toBeCloseTo(
      -9.615827548938192,
      5,
    );
  });

  it('returns [n, 2] in float32 and [n] in int32', () => {
    const {x, y} = spiral({pointsPerClass: 4, classes: 2});
    expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[8, 2], 'float32', [8], 'int32']);
  });

  it('lists the classes one after the other', () => {
    expect(spiral({pointsPerClass: 2, classes: 3}).y.arraySync()).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('keeps each point at its radius, whatever the noise on its angle', () => {
    const options = fc.record({
      pointsPerClass: fc.integer({min: 2, max: 20}),
      classes: fc.integer({min: 1, max: 5}),
      noise: fc.double({min: 0, max: 10, noNaN: true}),
      seed: fc.integer({min: 0, max: 0xffffffff}),
    });
    fc.assert(
      fc.property(options, (given) => {
        points(given).forEach(([x0, x1], row) => {
          const radius = (row % given.pointsPerClass) / (given.pointsPerClass - 1);
          expect(Math.hypot(x0 as number, x1 as number)).toBeCloseTo(radius, 6);
        });
      }),
      {numRuns: 50},
    );
  });

  it('gives the same data for the same seed', () => {
    expect(points({seed: 3})).toEqual(points({seed: 3}));
  });

  it('gives other data for another seed', () => {
    expect(points({seed: 3})).not.toEqual(points({seed: 4}));
  });

  it('leaves no tensors but the two that it returns', () => {
    const before = tf.memory().numTensors;
    const {x, y} = spiral({pointsPerClass: 10});
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([x, y]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[SpiralOptions, string]>([
    [{pointsPerClass: 0}, 'pointsPerClass must be a whole number >= 1, got 0.'],
    [{pointsPerClass: 1.5}, 'pointsPerClass must be a whole number >= 1, got 1.5.'],
    [{classes: -3}, 'classes must be a whole number >= 1, got -3.'],
    [{noise: -0.2}, 'noise must be finite and >= 0, got -0.2.'],
    [{noise: Number.NaN}, 'noise must be finite and >= 0, got NaN.'],
    [{seed: 0.5}, 'seed must be an integer in [0, 4294967295], got 0.5.'],
    [{seed: null as unknown as number}, 'seed must be an integer in [0, 4294967295], got null.'],
  ])('rejects %o by name', (options, message) => {
    expect(() => spiral(options)).toThrow(new RangeError(`spiral: ${message}`));
  });

  const CALL =
    'options must be an object, e.g. spiral({pointsPerClass: 100, classes: 3, noise: 0.2, seed: 0}), got';

  it.each<[unknown, string]>([
    ['3', `${CALL} the string '3'.`],
    [() => 1, `${CALL} an anonymous function.`],
    [{samples: 200}, "there is no option 'samples'. Options: pointsPerClass, classes, noise, seed."],
  ])('rejects the options %o', (options, message) => {
    expect(() => spiral(options as SpiralOptions)).toThrow(new TypeError(`spiral: ${message}`));
  });
});
