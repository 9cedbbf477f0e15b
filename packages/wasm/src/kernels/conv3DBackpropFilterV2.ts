import {
  backend_util,
  Conv3DBackpropFilterV2,
  type Conv3DBackpropFilterV2Attrs,
  util,
} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import type {Shape4D} from './convolution.js';
import {filterLayers, imagePadding, imagesOfLayers, type Shape5D} from './volumes.js';

/**
 * Gradient of a convolution of volumes with respect to its filter: for each layer of that the gradient of a convolution
 * of images, which are the layers that it has met.
 *
 * `x` [N, D, H, W, C] and `dy` [N, d, h, w, O] give [F, K, L, C, O]. Replaces a kernel that gives other numbers than the
 * cpu backend.
 */
export const conv3DBackpropFilterV2 = composed<'x' | 'dy', Conv3DBackpropFilterV2Attrs>(
  Conv3DBackpropFilterV2,
  ({inputs: {x, dy}, attrs: {filterShape, strides, pad}, op, backend}) => {
    const info = backend_util.computeConv3DInfo(x.shape as Shape5D, filterShape, strides, 1, pad);
    const {pad: imagePad, cutTop, cutLeft} = imagePadding(info);
    const layerShape = filterShape.slice(1) as Shape4D;
    const parts = filterLayers(info)
      .filter(({count}) => count > 0)
      .map(({layer, firstInput, firstOutput, count}) => {
        const images = imagesOfLayers(op, x, firstInput, count, info.strideDepth);
        const cut = op('Slice', {x: images}, {begin: [0, cutTop, cutLeft, 0], size: -1});
        const gradient = op(
          'Conv2DBackpropFilter',
          {x: cut, dy: imagesOfLayers(op, dy, firstOutput, count, 1)},
          {
            filterShape: layerShape,
            strides: [info.strideHeight, info.strideWidth],
            pad: imagePad,
            dataFormat: 'NHWC',
          },
        );
        return {layer, gradient};
      });

    const dW = backend.makeOutput(filterShape, 'float32');
    const values = backend.typedArrayFromHeap(dW).fill(0);
    const size = util.sizeFromShape(layerShape);
    for (const {layer, gradient} of parts) values.set(backend.typedArrayFromHeap(gradient), layer * size);
    return dW;
  },
);
