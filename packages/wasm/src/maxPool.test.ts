import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {expectSame, gradients, uniform} from '../fixtures/onBothBackends.js';
import {pooledByDefinition} from '../fixtures/pooledByDefinition.js';
import {windows} from '../fixtures/windows.js';

expect.extend({toBeAllclose});

const channels = fc.integer({min: 1, max: 5});
/** All positive, mixed, or all negative: a kernel may take 0 for the least number there is. */
const range = fc.constantFrom([1, 2], [-1, 1], [-2, -1]);

describe.each(['max', 'avg'] as const)('%s pooling on the wasm backend', (kind) => {
  it('has the values and gradients of its definition', async () => {
    const pool = {max: tf.maxPool, avg: tf.avgPool}[kind];
    await fc.assert(
      fc.asyncProperty(
        windows,
        channels,
        range,
        async ({image, window, strides, pad, dimRoundingMode}, c, [low, high]) => {
          const shape: [number, number, number, number] = [2, ...image, c];
          const info = tf.backend_util.computePool2DInfo(shape, window, strides, 1, pad, dimRoundingMode);
          const {outHeight, outWidth, padInfo} = info;
          const pooling = {
            window,
            strides,
            before: [padInfo.top, padInfo.left],
            outputs: [outHeight, outWidth],
          };
          fc.pre(everyWindowSeesTheImage(pooling, image));
          const x = () => [uniform(shape, low, high)];
          await expectSame(
            () =>
              gradients((images) => pool(images as tf.Tensor4D, window, strides, pad, dimRoundingMode), x()),
            () => gradients((images) => pooledByDefinition(kind, images, pooling), x()),
          );
        },
      ),
      {numRuns: 100},
    );
  });

  it('has the values and gradients of its definition for volumes', async () => {
    const pool = {max: tf.maxPool3d, avg: tf.avgPool3d}[kind];
    const triple = (max: number) =>
      fc.tuple(...[1, 1, 1].map((min) => fc.integer({min, max}))) as fc.Arbitrary<[number, number, number]>;
    await fc.assert(
      fc.asyncProperty(
        triple(5),
        triple(3),
        triple(3),
        fc.constantFrom('same', 'valid'),
        range,
        async (volume, size, strides, pad, [low, high]) => {
          const window = size.map((taps, i) => Math.min(taps, volume[i]!)) as typeof size;
          const shape: [number, number, number, number, number] = [2, ...volume, 2];
          const info = tf.backend_util.computePool3DInfo(shape, window, strides, 1, pad as 'same');
          const {front, top, left} = info.padInfo;
          // tfjs pads by less than nothing where the strides are larger than the window.
          fc.pre(front >= 0 && top >= 0 && left >= 0);
          const pooling = {
            window,
            strides,
            before: [front, top, left],
            outputs: [info.outDepth, info.outHeight, info.outWidth],
          };
          const x = () => [uniform(shape, low, high)];
          await expectSame(
            () => gradients((volumes) => pool(volumes as tf.Tensor5D, window, strides, pad as 'same'), x()),
            () => gradients((volumes) => pooledByDefinition(kind, volumes, pooling), x()),
          );
        },
      ),
      {numRuns: 60},
    );
  });
});

/** What a window has for a maximum or mean that lies beside the image is not defined. */
function everyWindowSeesTheImage(
  {
    window,
    strides,
    before,
    outputs,
  }: {window: number[]; strides: number[]; before: number[]; outputs: number[]},
  image: readonly number[],
): boolean {
  return image.every(
    (size, i) => window[i]! > before[i]! && (outputs[i]! - 1) * strides[i]! - before[i]! < size,
  );
}
