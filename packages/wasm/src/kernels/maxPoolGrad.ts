import {MaxPool3DGrad, MaxPoolGrad} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import {poolingAxes, type PoolingAttrs} from './pooling.js';
import {forEachWindow} from './windows.js';

/**
 * Gradient of max pooling: each value of `dy` goes to the first pixel of its window that has the window's maximum.
 *
 * `input` [N, …, C], `output` and `dy` [N, …, C] give [N, …, C]. Replaces kernels that take 1.2e-38 for the least number
 * there is, and so lose the gradient of windows without a positive value.
 */
const gradientOf = (kernelName: string) =>
  composed<'input' | 'output' | 'dy', PoolingAttrs>(
    kernelName,
    ({inputs: {input, output, dy}, attrs, backend}) => {
      const dx = backend.makeOutput(input.shape, 'float32');
      const [x, y, outer, inner] = [input, output, dy, dx].map((tensor) =>
        backend.typedArrayFromHeap(tensor),
      ) as [Float32Array, Float32Array, Float32Array, Float32Array];
      const channels = input.shape.at(-1)!;
      inner.fill(0);
      forEachWindow(input.shape[0]!, poolingAxes(input, dy, attrs), ({pixels, count}, window) => {
        const from = window * channels;
        for (let c = 0; c < channels; c++) {
          const maximum = y[from + c];
          for (let i = 0; i < count; i++) {
            const at = pixels[i]! * channels + c;
            if (x[at] !== maximum) continue;
            inner[at]! += outer[from + c]!;
            break;
          }
        }
      });
      return dx;
    },
  );

export const maxPoolGrad = gradientOf(MaxPoolGrad);
export const maxPool3DGrad = gradientOf(MaxPool3DGrad);
