import type {backend_util, TensorInfo} from '@tensorflow/tfjs-core';
import type {Op} from '../composed.js';

/** A volume or the filter over it. */
export type Shape5D = [number, number, number, number, number];

type Conv3DInfo = ReturnType<typeof backend_util.computeConv3DInfo>;

/**
 * One layer of the filter of a convolution of volumes, and the layers of outputs that it has given from layers of the
 * input.
 */
export interface FilterLayer {
  readonly layer: number;
  readonly firstInput: number;
  readonly firstOutput: number;
  /** May be 0 or less, if it only met padding. */
  readonly count: number;
}

/** All layers of the filter: output i comes from input i · stride + layer − front. */
export function filterLayers({
  filterDepth,
  inDepth,
  outDepth,
  strideDepth,
  padInfo,
}: Conv3DInfo): FilterLayer[] {
  return Array.from({length: filterDepth}, (_, layer) => {
    const offset = layer - padInfo.front;
    const firstOutput = Math.max(0, Math.ceil(-offset / strideDepth));
    const end = Math.min(outDepth, Math.ceil((inDepth - offset) / strideDepth));
    return {layer, firstInput: firstOutput * strideDepth + offset, firstOutput, count: end - firstOutput};
  });
}

/** Every `step`-th layer of volumes [N, D, H, W, C], as images [N · count, H, W, C]. */
export function imagesOfLayers(
  op: Op,
  x: TensorInfo,
  first: number,
  count: number,
  step: number,
): TensorInfo {
  const indices = op('Range', {}, {start: first, stop: first + count * step, step, dtype: 'int32'});
  const layers = op('GatherV2', {x, indices}, {axis: 1, batchDims: 0});
  return op('Reshape', {x: layers}, {shape: [x.shape[0]! * count, ...x.shape.slice(2)]});
}

/**
 * The padding of images; `cut` is what tfjs means by less than none: it begins within the image where the stride is
 * larger than the filter.
 */
export function imagePadding({padInfo: {top, bottom, left, right}}: Conv3DInfo) {
  const [cutTop, cutLeft] = [Math.max(0, -top), Math.max(0, -left)];
  const pad = [
    [0, 0],
    [Math.max(0, top), Math.max(0, bottom)],
    [Math.max(0, left), Math.max(0, right)],
    [0, 0],
  ];
  return {pad, cutTop, cutLeft};
}
