import {
  backend_util,
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import {missingPadding, type Shape4D} from './convolution.js';

/**
 * Gradient of a depthwise convolution with respect to its filter.
 *
 *     dW[k, l, c, m] = Σₙᵢⱼ x[n, i·s + k − top, j·s + l − left, c] · dy[n, i, j, c·M + m]
 *
 * For each example that is a depthwise convolution of `x` with the filter `dy`, dilated by the strides of the forward
 * pass: one for all of them, with the examples among the channels, and then their sum. `x` [N, H, W, C] and `dy` [N, h,
 * w, C·M] give [K, L, C, M].
 */
export const depthwiseConv2dNativeBackpropFilter = composed<
  'x' | 'dy',
  DepthwiseConv2dNativeBackpropFilterAttrs
>(
  DepthwiseConv2dNativeBackpropFilter,
  ({inputs: {x, dy}, attrs: {filterShape, strides, dilations, pad}, op}) => {
    const [batch, height, width, channels] = x.shape as Shape4D;
    const [filterHeight, filterWidth, , multiplier] = filterShape;
    const shape = x.shape as Shape4D;
    const info = backend_util.computeConv2DInfo(shape, filterShape, strides, dilations, pad, undefined, true);
    const {
      strideHeight,
      strideWidth,
      dilationHeight,
      dilationWidth,
      padInfo: {top, left},
    } = info;
    const [, rows, columns] = dy.shape as Shape4D;

    const byPixel = [1, 2, 0, 3];
    const images = op(
      'Reshape',
      {x: op('Transpose', {x}, {perm: byPixel})},
      {shape: [1, height, width, batch * channels]},
    );
    const filter = op(
      'Reshape',
      {x: op('Transpose', {x: dy}, {perm: byPixel})},
      {shape: [rows, columns, batch * channels, multiplier]},
    );
    const below = missingPadding(height + top, rows, info.effectiveFilterHeight, strideHeight);
    const right = missingPadding(width + left, columns, info.effectiveFilterWidth, strideWidth);
    const correlation = op(
      'DepthwiseConv2dNative',
      {x: images, filter},
      {
        // The taps are as far apart as the forward pass dilated its filter.
        strides: [dilationHeight, dilationWidth],
        dilations: [strideHeight, strideWidth],
        pad: [
          [0, 0],
          [top, below],
          [left, right],
          [0, 0],
        ],
      },
    );
    const perExample = batch * channels * multiplier;
    const taps = op(
      'Slice',
      {x: correlation},
      {begin: [0, 0, 0, 0], size: [1, filterHeight, filterWidth, perExample]},
    );
    const apart = [filterHeight * filterWidth, batch, channels * multiplier];
    const sums = op('Sum', {x: op('Reshape', {x: taps}, {shape: apart})}, {axis: 1, keepDims: false});
    return op('Reshape', {x: sums}, {shape: filterShape});
  },
);
