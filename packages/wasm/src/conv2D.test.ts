import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Computation, expectSame, run, uniform} from '../fixtures/onBothBackends.js';
import {type Windows, windows} from '../fixtures/windows.js';

expect.extend({toBeAllclose});

const few = fc.integer({min: 1, max: 3});
const channels = fc.integer({min: 1, max: 9});

/**
 * A convolution and its gradients. How the forward pass rounded is told to the cpu backend only: tfjs keeps it from the
 * gradients.
 */
const convolution =
  (kernel: 'Conv2D' | 'DepthwiseConv2dNative') =>
  (
    {image, window, strides, pad, dimRoundingMode}: Windows,
    batch: number,
    c: number,
    o: number,
  ): Computation =>
  () => {
    const inputShape = [batch, ...image, c];
    const filterShape = [...window, c, o];
    const x = uniform(inputShape);
    const filter = uniform(filterShape, -1, 1, 8);
    const forward = {strides, pad, dimRoundingMode, dataFormat: 'NHWC', dilations: [1, 1]};
    const backward = tf.getBackend() === 'cpu' ? forward : {...forward, dimRoundingMode: undefined};
    const y = run(kernel, {x, filter}, forward);
    const dy = uniform(y.shape, -1, 1, 9);
    return [
      y,
      run(`${kernel}BackpropInput`, {dy, filter}, {...backward, inputShape}),
      run(`${kernel}BackpropFilter`, {x, dy}, {...backward, filterShape}),
    ];
  };

describe.each(['Conv2D', 'DepthwiseConv2dNative'] as const)('%s on the wasm backend', (kernel) => {
  it('has the values and gradients of the cpu backend', async () => {
    await fc.assert(
      fc.asyncProperty(windows, few, channels, few, async (...args) =>
        expectSame(convolution(kernel)(...args)),
      ),
      {numRuns: 100},
    );
  });

  it('has the values of the cpu backend when dilated', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(few, few), fc.constantFrom('same', 'valid', 1), async (dilations, pad) =>
        expectSame(() => {
          const [x, filter] = [uniform([2, 8, 7, 3]), uniform([3, 2, 3, 2], -1, 1, 8)];
          return [run(kernel, {x, filter}, {strides: [1, 1], pad, dilations, dataFormat: 'NHWC'})];
        }),
      ),
      {numRuns: 30},
    );
  });
});

describe('Conv2D on the wasm backend', () => {
  it('takes channels first', async () => {
    const padding = [
      [0, 0],
      [0, 0],
      [1, 2],
      [0, 3],
    ] as const;
    await expectSame(() => {
      const f = (x: tf.Tensor, filter: tf.Tensor) =>
        tf.conv2d(
          x as tf.Tensor4D,
          filter as tf.Tensor4D,
          [2, 1],
          padding.map(([a, b]) => [a, b]) as never,
          'NCHW',
        );
      const inputs = [uniform([2, 3, 7, 6]), uniform([3, 2, 3, 4], -1, 1, 8)] as const;
      return [f(...inputs), ...tf.grads(f)([...inputs])];
    });
  });
});
