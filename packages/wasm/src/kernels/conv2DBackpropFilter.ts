import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import {composed, type Op} from '../composed.js';
import {padChannelsLast, toChannelsLast} from './channelsLast.js';
import {missingPadding, type Shape4D} from './convolution.js';

/**
 * Gradient of a convolution with respect to its filter.
 *
 *     dW[k, l, c, o] = Σₙᵢⱼ x[n, i·s + k − top, j·s + l − left, c] · dy[n, i, j, o]
 *
 * That is a convolution as well: the channels of `x` are its images, the examples are its channels, and `dy` is its filter,
 * dilated by the strides of the forward pass. `x` [N, H, W, C] and `dy` [N, h, w, O] give [K, L, C, O].
 */
export const conv2DBackpropFilter = composed<'x' | 'dy', Conv2DBackpropFilterAttrs>(
  Conv2DBackpropFilter,
  ({inputs, attrs: {filterShape, strides, pad, dataFormat}, op}) => {
    const x = toChannelsLast(op, inputs.x, dataFormat);
    const dy = toChannelsLast(op, inputs.dy, dataFormat);
    const padding = padChannelsLast(pad, dataFormat);
    const info = backend_util.computeConv2DInfo(x.shape as Shape4D, filterShape, strides, 1, padding);
    const {inHeight, inWidth, inChannels, filterHeight, filterWidth, outChannels, strideHeight, strideWidth} =
      info;
    const {top, left} = info.padInfo;
    const pixelwise = filterHeight * filterWidth * strideHeight * strideWidth === 1 && top + left === 0;
    if (pixelwise && util.arraysEqual(x.shape.slice(0, 3), dy.shape.slice(0, 3))) {
      return product(op, x, dy, filterShape);
    }

    // As many as the forward pass gave: tfjs forgets how it rounded.
    const [, rows, columns] = dy.shape as Shape4D;
    const below = missingPadding(inHeight + top, rows, filterHeight, strideHeight);
    const right = missingPadding(inWidth + left, columns, filterWidth, strideWidth);
    const images = op('Transpose', {x}, {perm: [3, 1, 2, 0]});
    const filter = op('Transpose', {x: dy}, {perm: [1, 2, 0, 3]});
    const pads = [
      [0, 0],
      [top, below],
      [left, right],
      [0, 0],
    ];
    const dilations = [strideHeight, strideWidth];
    const correlation = op(
      'Conv2D',
      {x: images, filter},
      {strides: 1, dilations, pad: pads, dataFormat: 'NHWC'},
    );
    const size = [inChannels, filterHeight, filterWidth, outChannels];
    const taps = op('Slice', {x: correlation}, {begin: [0, 0, 0, 0], size});
    return op('Transpose', {x: taps}, {perm: [1, 2, 0, 3]});
  },
);

/**
 * Where each pixel meets its own output only, the sum is xᵀ · dy over all pixels: three times as fast as the
 * convolution.
 */
function product(op: Op, x: TensorInfo, dy: TensorInfo, filterShape: Shape4D): TensorInfo {
  const asMatrix = ({shape}: TensorInfo) => [1, util.sizeFromShape(shape.slice(0, 3)), shape[3]!];
  const a = op('Reshape', {x}, {shape: asMatrix(x)});
  const b = op('Reshape', {x: dy}, {shape: asMatrix(dy)});
  return op(
    'Reshape',
    {x: op('BatchMatMul', {a, b}, {transposeA: true, transposeB: false})},
    {shape: filterShape},
  );
}
