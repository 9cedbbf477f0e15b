import {backend_util, type TensorInfo} from '@tensorflow/tfjs-core';
import {type Axis, FLAT, imageAxes} from './windows.js';

type Pool2DInfo = typeof backend_util.computePool2DInfo;
type Pool3DInfo = typeof backend_util.computePool3DInfo;

/** Attributes of every kernel for pooling, over images or volumes. */
export interface PoolingAttrs {
  readonly filterSize: Parameters<Pool3DInfo>[1];
  readonly strides: Parameters<Pool3DInfo>[2];
  readonly pad: Parameters<Pool2DInfo>[4];
  readonly dimRoundingMode?: Parameters<Pool2DInfo>[5];
}

/**
 * The axes of a pooling of `x` [N, D, H, W, C] or [N, H, W, C] that has given `y`: the gradients are not told how it
 * rounded.
 */
export function poolingAxes(x: TensorInfo, y: TensorInfo, attrs: PoolingAttrs): [Axis, Axis, Axis] {
  const {filterSize, strides, pad, dimRoundingMode} = attrs;
  const outputs = y.shape.slice(1, -1) as [number, number, number];
  if (x.shape.length === 5) {
    const info = backend_util.computePool3DInfo(
      x.shape as Parameters<Pool3DInfo>[0],
      filterSize,
      strides,
      1,
      pad as Parameters<Pool3DInfo>[4],
      dimRoundingMode,
    );
    return [
      {
        size: info.inDepth,
        outputs: outputs[0],
        window: info.filterDepth,
        stride: info.strideDepth,
        pad: info.padInfo.front,
        dilation: 1,
      },
      ...imageAxes(info, outputs[1], outputs[2]),
    ];
  }
  const info = backend_util.computePool2DInfo(
    x.shape as Parameters<Pool2DInfo>[0],
    filterSize as Parameters<Pool2DInfo>[1],
    strides as Parameters<Pool2DInfo>[2],
    1,
    pad,
    dimRoundingMode,
  );
  return [FLAT, ...imageAxes(info, outputs[0], outputs[1])];
}
