import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {contextOf, driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleByFactoredRms} from './scaleByFactoredRms.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleByFactoredRms, options: {}});

/** What becomes of one matrix. */
function scale(matrix: tf.Tensor): tf.Tensor {
  const transform = scaleByFactoredRms();
  return transform.update({w: matrix}, transform.init({w: matrix}), contextOf({w: matrix}))[0]['w']!;
}

describe('scaleByFactoredRms', () => {
  it('makes a matrix of rank 1 all ones', () => {
    expect(
      scale(
        tf.tensor2d([
          [1, -2],
          [3, -6],
        ]),
      ),
    ).toBeAllclose([
      [1, -1],
      [1, -1],
    ]);
  });

  it('divides by the product of row and column, over their mean', () => {
    // The means of squares are 0.5 in every row and column: 0.5 · 0.5 / 0.5 for every entry.
    expect(
      scale(
        tf.tensor2d([
          [1, 0],
          [0, 1],
        ]),
      ),
    ).toBeAllclose([
      [Math.SQRT2, 0],
      [0, Math.SQRT2],
    ]);
  });

  it('takes the last two axes of a convolution for rows and columns', () => {
    const stacked = scale(tf.tensor4d([1, 0, 0, 1, 1, -2, 3, -6], [2, 1, 2, 2]));
    expect(stacked.dataSync()).toBeAllclose([Math.SQRT2, 0, 0, Math.SQRT2, 1, -1, 1, -1]);
  });

  it('leaves a row of zeros zero beside large ones', () => {
    expect(
      scale(
        tf.tensor2d([
          [0, 0],
          [1e12, 1e12],
        ]),
      ).dataSync(),
    ).toBeAllclose([0, 0, 1, 1], {rtol: 0.5});
  });

  it('has a mean for every entry of a vector, whose new share falls', () => {
    const [first, second] = driveOne(scaleByFactoredRms(), [
      [3, -4],
      [1, 1],
    ]);
    const share = 2 ** -0.8;
    const root = (old: number): number => Math.sqrt((1 - share) * old + share);
    expect([first, second]).toBeAllclose([
      [1, -1],
      [1 / root(9), 1 / root(16)],
    ]);
  });

  it('lets the share fall slower with another decayRate', () => {
    const [, second] = driveOne(scaleByFactoredRms({decayRate: -1}), [[3], [1]]);
    expect(second).toBeAllclose([1 / Math.sqrt(5)]);
  });

  it('keeps one number per row and column', () => {
    const {rows, columns, entries} = scaleByFactoredRms().init({w: tf.zeros([2, 100, 50])})['w']!;
    expect([rows?.shape, columns?.shape, entries]).toEqual([[2, 100, 1], [2, 1, 50], undefined]);
  });

  it('recovers from a gradient whose square is out of range', () => {
    const huge = Array.from({length: 300}, (_, i) => [i === 0 ? 1e30 : 1]);
    const last = driveOne(scaleByFactoredRms(), huge).at(-1)![0]!;
    expect(last).toBeGreaterThan(0);
  });

  it('takes 19 kernels a matrix', async () => {
    expect(await kernelsFor(scaleByFactoredRms(), 5)).toBe(95);
  });

  it.each<[unknown, string]>([
    [{decayRate: 0.8}, 'decayRate must be a number < 0, got 0.8.'],
    [{decayRate: '-1'}, "decayRate must be a number < 0, got the string '-1'."],
    [{epsilon: 0}, 'epsilon must be > 0, got 0.'],
    [{decay: 1}, "there is no option 'decay'. Options: decayRate, epsilon."],
  ])('rejects the options %o', (options, message) => {
    expect(() => scaleByFactoredRms(options as Parameters<typeof scaleByFactoredRms>[0])).toThrow(
      `scaleByFactoredRms: ${message}`,
    );
  });
});
