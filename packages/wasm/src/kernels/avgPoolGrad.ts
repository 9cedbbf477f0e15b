import {AvgPool3DGrad, AvgPoolGrad} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import {poolingAxes, type PoolingAttrs} from './pooling.js';
import {forEachWindow} from './windows.js';

/**
 * Gradient of average pooling: each value of `dy` goes in equal parts to the pixels of its window.
 *
 * `input` and `dy` [N, …, C] give [N, …, C]. The forward pass divides by the pixels that lie on the image, so these are
 * the parts, and native TensorFlow's as well; the kernels that it replaces, like those of the cpu backend, divide by the size
 * of the window, which is too small a gradient at the borders.
 */
const gradientOf = (kernelName: string) =>
  composed<'input' | 'dy', PoolingAttrs>(kernelName, ({inputs: {input, dy}, attrs, backend}) => {
    const dx = backend.makeOutput(input.shape, 'float32');
    const outer = backend.typedArrayFromHeap(dy) as Float32Array;
    const inner = backend.typedArrayFromHeap(dx) as Float32Array;
    const channels = input.shape.at(-1)!;
    inner.fill(0);
    forEachWindow(input.shape[0]!, poolingAxes(input, dy, attrs), ({pixels, count}, window) => {
      const from = window * channels;
      for (let i = 0; i < count; i++) {
        const to = pixels[i]! * channels;
        for (let c = 0; c < channels; c++) inner[to + c]! += outer[from + c]! / count;
      }
    });
    return dx;
  });

export const avgPoolGrad = gradientOf(AvgPoolGrad);
export const avgPool3DGrad = gradientOf(AvgPool3DGrad);
