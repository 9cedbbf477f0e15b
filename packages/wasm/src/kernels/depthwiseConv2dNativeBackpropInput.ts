import {
  backend_util,
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  util,
} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import type {Shape4D} from './convolution.js';

/**
 * Gradient of a depthwise convolution with respect to its input.
 *
 *     dx[n, i, j, c] = Σₘₖₗ dy[n, (i + top − k) / s, (j + left − l) / s, c·M + m] · W[k, l, c, m], where both divisions leave nothing
 *
 * With s − 1 zeros after each pixel of `dy` that is a depthwise convolution with the mirrored filter, and a sum over m. `dy`
 * [N, h, w, C·M] and `filter` [K, L, C, M] give [N, H, W, C].
 */
export const depthwiseConv2dNativeBackpropInput = composed<
  'dy' | 'filter',
  DepthwiseConv2dNativeBackpropInputAttrs
>(
  DepthwiseConv2dNativeBackpropInput,
  ({inputs: {dy, filter}, attrs: {inputShape, strides, dilations, pad}, op}) => {
    const filterShape = filter.shape as Shape4D;
    const info = backend_util.computeConv2DInfo(
      inputShape,
      filterShape,
      strides,
      dilations,
      pad,
      undefined,
      true,
    );
    const {strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo} = info;
    const [batch, height, width, channels] = inputShape;
    const [filterHeight, filterWidth, , multiplier] = filterShape;
    const [, rows, columns, outChannels] = dy.shape as Shape4D;

    const spread = op(
      'PadV2',
      {x: op('Reshape', {x: dy}, {shape: [batch * rows, 1, columns, outChannels]})},
      {
        paddings: [
          [0, 0],
          [0, strideHeight - 1],
          [0, 0],
          [0, (strideWidth - 1) * outChannels],
        ],
        constantValue: 0,
      },
    );
    const vertical = alongAxis(rows * strideHeight, height, info.effectiveFilterHeight, padInfo.top);
    const horizontal = alongAxis(columns * strideWidth, width, info.effectiveFilterWidth, padInfo.left);
    const images = op(
      'Reshape',
      {x: spread},
      {shape: [batch, rows * strideHeight, columns * strideWidth, outChannels]},
    );
    const mirrored = op('Reverse', {x: filter}, {dims: [0, 1]});
    const all = op(
      'DepthwiseConv2dNative',
      {x: images, filter: op('Reshape', {x: mirrored}, {shape: [filterHeight, filterWidth, outChannels, 1]})},
      {
        strides: [1, 1],
        dilations: [dilationHeight, dilationWidth],
        pad: [[0, 0], vertical.padding, horizontal.padding, [0, 0]],
      },
    );
    const size = [batch, height, width, outChannels];
    const products = util.arraysEqual(all.shape, size)
      ? all
      : op('Slice', {x: all}, {begin: [0, vertical.begin, horizontal.begin, 0], size});
    if (multiplier === 1) return products;
    const apart = op('Reshape', {x: products}, {shape: [batch, height, width, channels, multiplier]});
    return op('Sum', {x: apart}, {axis: 4, keepDims: false});
  },
);

/** How to pad `outputs`, so that `size` pixels come out of the convolution from `begin` on. */
function alongAxis(outputs: number, size: number, window: number, pad: number) {
  const before = Math.max(0, window - 1 - pad);
  const begin = before + pad + 1 - window;
  return {begin, padding: [before, Math.max(0, begin + size + window - 1 - before - outputs)]};
}
