import {backend_util, MaxPool3D, type MaxPool3DAttrs} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import {poolingAxes, type PoolingAttrs} from './pooling.js';
import {forEachWindow} from './windows.js';

/**
 * The largest value in each window. `x` [N, D, H, W, C] gives [N, d, h, w, C].
 *
 * Replaces a kernel that gives 1.2e-38 for windows without a positive value.
 */
export const maxPool3D = composed<'x', MaxPool3DAttrs & PoolingAttrs>(
  MaxPool3D,
  ({inputs: {x}, attrs, backend}) => {
    const {filterSize, strides, pad, dimRoundingMode} = attrs;
    const shape = x.shape as [number, number, number, number, number];
    const {outShape} = backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const y = backend.makeOutput(outShape, x.dtype);
    const values = backend.typedArrayFromHeap(x);
    const maxima = backend.typedArrayFromHeap(y);
    const channels = shape[4];
    forEachWindow(shape[0], poolingAxes(x, y, attrs), ({pixels, count}, window) => {
      for (let c = 0; c < channels; c++) {
        let maximum = -Infinity;
        for (let i = 0; i < count; i++) {
          const value = values[pixels[i]! * channels + c]!;
          // Unlike with Math.max, NaN is passed over, as TensorFlow.js wants it.
          if (value > maximum) maximum = value;
        }
        maxima[window * channels + c] = maximum;
      }
    });
    return y;
  },
);
