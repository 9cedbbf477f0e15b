import {backend_util, Conv3DBackpropInputV2, type Conv3DBackpropInputV2Attrs} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import {filterLayers, imagePadding, imagesOfLayers, type Shape5D} from './volumes.js';

/**
 * Gradient of a convolution of volumes with respect to its input, which is also the transposed convolution: for each
 * layer of the filter that of a convolution of images, summed where the layers lie on each other.
 *
 * `dy` [N, d, h, w, O] and `filter` [F, K, L, C, O] give [N, D, H, W, C]. Replaces a kernel that gives other numbers
 * than the cpu backend.
 */
export const conv3DBackpropInputV2 = composed<'dy' | 'filter', Conv3DBackpropInputV2Attrs>(
  Conv3DBackpropInputV2,
  ({inputs: {dy, filter}, attrs: {inputShape, strides, pad}, op, backend}) => {
    const info = backend_util.computeConv3DInfo(inputShape, filter.shape as Shape5D, strides, 1, pad);
    const {pad: imagePad, cutTop, cutLeft} = imagePadding(info);
    const [batch, depth, height, width, channels] = inputShape;
    const parts = filterLayers(info)
      .filter(({count}) => count > 0)
      .map(({layer, firstInput, firstOutput, count}) => {
        const weights = op(
          'Slice',
          {x: filter},
          {begin: [layer, 0, 0, 0, 0], size: [1, ...filter.shape.slice(1)]},
        );
        const images = op(
          'Conv2DBackpropInput',
          {
            dy: imagesOfLayers(op, dy, firstOutput, count, 1),
            filter: op('Reshape', {x: weights}, {shape: filter.shape.slice(1)}),
          },
          {
            inputShape: [batch * count, height - cutTop, width - cutLeft, channels],
            strides: [info.strideHeight, info.strideWidth],
            pad: imagePad,
            dataFormat: 'NHWC',
          },
        );
        const paddings = [
          [0, 0],
          [cutTop, 0],
          [cutLeft, 0],
          [0, 0],
        ];
        return {first: firstInput, count, gradient: op('PadV2', {x: images}, {paddings, constantValue: 0})};
      });

    const dx = backend.makeOutput(inputShape, 'float32');
    const sums = backend.typedArrayFromHeap(dx).fill(0);
    const size = height * width * channels;
    for (const {first, count, gradient} of parts) {
      const values = backend.typedArrayFromHeap(gradient);
      for (let image = 0; image < batch * count; image++) {
        const to = (Math.floor(image / count) * depth + first + (image % count) * info.strideDepth) * size;
        for (let i = 0; i < size; i++) sums[to + i]! += values[image * size + i]!;
      }
    }
    return dx;
  },
);
