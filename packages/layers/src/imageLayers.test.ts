import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {run, wave} from '../fixtures/wave.js';
import {randomContrast, randomFlip, randomRotation, randomTranslation, randomZoom} from './index.js';

useCpu();

/** One image of 3 by 3: 1 2 3 / 4 5 6 / 7 8 9. */
const square = (): tf.Tensor => tf.reshape(tf.range(1, 10), [1, 3, 3, 1]);
const rowsOf = (images: tf.Tensor): number[][] =>
  (tf.reshape(images, [3, 3]).arraySync() as number[][]).map((row) =>
    row.map((value) => Math.round(value * 1e4) / 1e4),
  );
const constant = {fillMode: 'constant'} as const;

const all: readonly (readonly [string, () => tf.layers.Layer])[] = [
  ['randomTranslation', () => randomTranslation({heightFactor: 0.3, widthFactor: 0.2})],
  ['randomRotation', () => randomRotation({factor: 0.2, ...constant})],
  ['randomZoom', () => randomZoom({heightFactor: 0.3, widthFactor: [-0.5, 0.1], fillMode: 'nearest'})],
  ['randomFlip', () => randomFlip()],
  ['randomContrast', () => randomContrast({factor: 0.4})],
];

describe.each(all)('%s', (_name, make) => {
  it('passes images as they are in prediction', () => {
    const x = wave([2, 5, 4, 3]);
    expect(run(make(), x)).toBeAllclose(x, {rtol: 0});
  });

  it('changes each image by itself in training', () => {
    const copies = tf.tile(wave([1, 5, 4, 3]), [16, 1, 1, 1]);
    const changed = tf.unstack(run(make(), copies, true)).map((image) => image.dataSync().join());
    expect(new Set(changed).size).toBeGreaterThan(2);
  });

  it('changes them in another way each time', () => {
    const [layer, x] = [make(), wave([32, 5, 4, 3])];
    expect(run(layer, x, true)).not.toBeAllclose(run(layer, x, true));
  });

  it('leaks nothing', async () => {
    const [layer, x] = [make(), wave([2, 5, 4, 3])];
    run(layer, x, true).dispose();
    await expectNoLeaks(() => run(layer, x, true).dispose());
  });

  it('wants images', () => {
    const layer = make();
    expect(() => run(layer, wave([5, 4, 3]), true)).toThrow(
      `${layer.name}: needs images [batch, height, width, channels], got shape [5,4,3].`,
    );
  });
});

describe('randomTranslation', () => {
  it('shifts down and to the right by positive shares', () => {
    const layer = randomTranslation({heightFactor: [1 / 3, 1 / 3], widthFactor: [2 / 3, 2 / 3], ...constant});
    expect(rowsOf(run(layer, square(), true))).toEqual([[0, 0, 0], [0, 0, 1], [0, 0, 4]]); // prettier-ignore
  });

  it('shifts by a share at most', () => {
    const dot = tf.oneHot(tf.fill([500], 10, 'int32'), 21);
    const layer = randomTranslation({
      heightFactor: 0,
      widthFactor: 0.2,
      interpolation: 'nearest',
      ...constant,
    });
    const moved = tf.argMax(
      tf.reshape(run(layer, tf.reshape(tf.cast(dot, 'float32'), [500, 1, 21, 1]), true), [500, 21]),
      1,
    );
    expect(tf.min(moved).dataSync()[0]).toBe(6); // 10 − 0.2 · 21
    expect(tf.max(moved).dataSync()[0]).toBe(14);
  });
});

describe('randomRotation', () => {
  it('turns counter-clockwise by a positive share of a turn', () => {
    const layer = randomRotation({factor: [0.25, 0.25], ...constant});
    expect(rowsOf(run(layer, square(), true))).toEqual([[3, 6, 9], [2, 5, 8], [1, 4, 7]]); // prettier-ignore
  });
});

describe('randomZoom', () => {
  it('shows more than the image for positive factors', () => {
    const layer = randomZoom({heightFactor: [1, 1], ...constant});
    expect(rowsOf(run(layer, square(), true))).toEqual([[0, 0, 0], [0, 5, 0], [0, 0, 0]]); // prettier-ignore
  });

  it('shows less for negative ones', () => {
    const layer = randomZoom({heightFactor: [0, 0], widthFactor: [-0.5, -0.5]});
    expect(rowsOf(run(layer, square(), true))).toEqual([[1.5, 2, 2.5], [4.5, 5, 5.5], [7.5, 8, 8.5]]); // prettier-ignore
  });
});

describe('randomFlip', () => {
  it.each([
    ['horizontal', ['123456789', '321654987']],
    ['vertical', ['123456789', '789456123']],
    ['horizontalAndVertical', ['123456789', '321654987', '789456123', '987654321']],
  ] as const)('gives images and mirror images, %s', (mode, expected) => {
    const flipped = tf.unstack(run(randomFlip({mode}), tf.tile(square(), [64, 1, 1, 1]), true));
    const seen = new Set(flipped.map((image) => [...image.dataSync()].join('')));
    expect([...seen].toSorted()).toEqual(expected);
  });
});

describe('randomContrast', () => {
  it('moves values away from the mean of their channel for positive factors', () => {
    const images = tf.tensor4d([1, 10, 3, 50], [1, 1, 2, 2]);
    const y = run(randomContrast({factor: [0.5, 0.5]}), images, true);
    expect(y).toBeAllclose(tf.tensor4d([0.5, 0, 3.5, 60], [1, 1, 2, 2]));
  });
});
