import {
  backend_util,
  Dilation2D,
  type Dilation2DAttrs,
  Dilation2DBackpropFilter,
  Dilation2DBackpropInput,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import type {Shape4D} from './convolution.js';
import {FLAT, forEachWindow, imageAxes} from './windows.js';

type Shape3D = [number, number, number];

/** The windows of a dilation of `x` [N, H, W, C] with `filter` [K, L, C]. */
function windowsOf(x: TensorInfo, filter: TensorInfo, {strides, pad, dilations}: Dilation2DAttrs) {
  const info = backend_util.computeDilation2DInfo(
    x.shape as Shape4D,
    filter.shape as Shape3D,
    strides,
    pad,
    'NHWC',
    dilations,
  );
  return {outShape: info.outShape, axes: [FLAT, ...imageAxes(info, info.outHeight, info.outWidth)] as const};
}

/**
 * Greyscale dilation.
 *
 *     y[n, i, j, c] = maxₖₗ x[n, i·s + k·d − top, j·s + l·d − left, c] + filter[k, l, c]
 *
 * It and its gradients replace kernels that take 1.2e-38 for the least number there is.
 */
export const dilation2D = composed<'x' | 'filter', Dilation2DAttrs>(
  Dilation2D,
  ({inputs: {x, filter}, attrs, backend}) => {
    const {outShape, axes} = windowsOf(x, filter, attrs);
    const y = backend.makeOutput(outShape, x.dtype);
    const [values, heights, maxima] = [x, filter, y].map((tensor) => backend.typedArrayFromHeap(tensor));
    const channels = x.shape[3]!;
    forEachWindow(x.shape[0]!, axes, ({pixels, taps, count}, window) => {
      for (let c = 0; c < channels; c++) {
        let maximum = -Infinity;
        for (let i = 0; i < count; i++) {
          maximum = Math.max(
            maximum,
            values![pixels[i]! * channels + c]! + heights![taps[i]! * channels + c]!,
          );
        }
        maxima![window * channels + c] = maximum;
      }
    });
    return y;
  },
);

/** The gradients: each value of `dy` goes to the first pixel, or tap, that has given the maximum of its window. */
const gradientOf = (kernelName: string, to: 'x' | 'filter') =>
  composed<'x' | 'filter' | 'dy', Dilation2DAttrs>(kernelName, ({inputs, attrs, backend}) => {
    const {x, filter, dy} = inputs;
    const gradient = backend.makeOutput(inputs[to].shape, 'float32');
    const [values, heights, outer, inner] = [x, filter, dy, gradient].map((tensor) =>
      backend.typedArrayFromHeap(tensor),
    );
    const channels = x.shape[3]!;
    inner!.fill(0);
    forEachWindow(x.shape[0]!, windowsOf(x, filter, attrs).axes, ({pixels, taps, count}, window) => {
      for (let c = 0; c < channels; c++) {
        let maximum = -Infinity;
        let first = 0;
        for (let i = 0; i < count; i++) {
          const value = values![pixels[i]! * channels + c]! + heights![taps[i]! * channels + c]!;
          if (value <= maximum) continue;
          maximum = value;
          first = i;
        }
        const place = to === 'x' ? pixels[first]! : taps[first]!;
        inner![place * channels + c]! += outer![window * channels + c]!;
      }
    });
    return gradient;
  });

export const dilation2DBackpropInput = gradientOf(Dilation2DBackpropInput, 'x');
export const dilation2DBackpropFilter = gradientOf(Dilation2DBackpropFilter, 'filter');
