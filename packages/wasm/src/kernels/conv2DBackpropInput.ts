import {backend_util, Conv2DBackpropInput, type Conv2DBackpropInputAttrs, util} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import {fromChannelsLast, toChannelsLast} from './channelsLast.js';
import type {Shape4D} from './convolution.js';

/**
 * Gradient of a convolution with respect to its input, which is also the transposed convolution.
 *
 *     dx[n, i, j, c] = Σ dy[n, (i + top − k) / s, (j + left − l) / s, o] · W[k, l, c, o], where both divisions leave nothing
 *
 * With i + top = s·q + r and k = s·m + r this is Σₘ dy[q − m] · W[s·m + r]: for each remainder r a convolution with
 * stride 1. All of them together are one convolution with s² times the channels, which are then put in their places.
 * `dy` [N, h, w, O] and `filter` [K, L, C, O] give [N, H, W, C]. Replaces a loop that multiplies number by number.
 */
export const conv2DBackpropInput = composed<'dy' | 'filter', Conv2DBackpropInputAttrs>(
  Conv2DBackpropInput,
  ({inputs: {dy, filter}, attrs: {inputShape, strides, pad, dataFormat}, op}) => {
    const format = backend_util.convertConv2DDataFormat(dataFormat);
    const filterShape = filter.shape as Shape4D;
    const info = backend_util.computeConv2DInfo(
      inputShape,
      filterShape,
      strides,
      1,
      pad,
      undefined,
      false,
      format,
    );
    const {batchSize, inHeight, inWidth, inChannels, outChannels, strideHeight, strideWidth} = info;
    const given = toChannelsLast(op, dy, dataFormat);
    const [, height, width, channels] = given.shape as Shape4D;
    const rows = Math.min(height, most(info.outHeight, pad));
    const columns = Math.min(width, most(info.outWidth, pad));
    const images =
      rows === height && columns === width
        ? given
        : op('Slice', {x: given}, {begin: [0, 0, 0, 0], size: [batchSize, rows, columns, channels]});
    const vertical = alongAxis(rows, inHeight, info.filterHeight, strideHeight, info.padInfo.top);
    const horizontal = alongAxis(columns, inWidth, info.filterWidth, strideWidth, info.padInfo.left);

    const paddings = [
      [0, vertical.fill],
      [0, horizontal.fill],
      [0, 0],
      [0, 0],
    ];
    const padded = op('PadV2', {x: filter}, {paddings, constantValue: 0});
    const taps = [vertical.taps, strideHeight, horizontal.taps, strideWidth, inChannels, outChannels];
    const mirrored = op('Reverse', {x: op('Reshape', {x: padded}, {shape: taps})}, {dims: [0, 2]});
    const turned = op('Transpose', {x: mirrored}, {perm: [0, 2, 5, 1, 3, 4]});
    const perPixel = strideHeight * strideWidth * inChannels;
    const phases = op(
      'Conv2D',
      {
        x: images,
        filter: op('Reshape', {x: turned}, {shape: [vertical.taps, horizontal.taps, outChannels, perPixel]}),
      },
      {
        strides: 1,
        dilations: 1,
        pad: [[0, 0], vertical.padding, horizontal.padding, [0, 0]],
        dataFormat: 'NHWC',
      },
    );

    const [, phaseRows, phaseColumns] = phases.shape as Shape4D;
    const apart = [batchSize * phaseRows, phaseColumns, strideHeight, strideWidth * inChannels];
    const inRows =
      strideHeight === 1
        ? phases
        : op('Transpose', {x: op('Reshape', {x: phases}, {shape: apart})}, {perm: [0, 2, 1, 3]});
    const shape = [batchSize, phaseRows * strideHeight, phaseColumns * strideWidth, inChannels];
    const all = op('Reshape', {x: inRows}, {shape});
    const size = [batchSize, inHeight, inWidth, inChannels];
    const begin = [0, vertical.begin, horizontal.begin, 0];
    const dx = util.arraysEqual(shape, size) ? all : op('Slice', {x: all}, {begin, size});
    return fromChannelsLast(op, dx, dataFormat);
  },
);

/**
 * How many rows or columns of `dy` count: a transposed convolution may be given more. With explicit padding the forward pass
 * may have rounded up, which it does not say here: then there is one more.
 */
function most(outputs: number, pad: Conv2DBackpropInputAttrs['pad']): number {
  return typeof pad === 'string' ? outputs : outputs + 1;
}

/** How the phases lie along one axis: q runs from the tap that reaches the first pixel to the one that reaches the last. */
function alongAxis(outputs: number, size: number, window: number, stride: number, pad: number) {
  const taps = Math.ceil(window / stride);
  const before = Math.max(0, taps - 1 - Math.floor(pad / stride));
  const first = taps - 1 - before;
  const count = Math.floor((pad + size - 1) / stride) - first + 1;
  const after = Math.max(0, count + taps - 1 - outputs - before);
  return {taps, fill: taps * stride - window, padding: [before, after], begin: pad - first * stride};
}
