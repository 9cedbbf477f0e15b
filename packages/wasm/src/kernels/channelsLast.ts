import type {backend_util, TensorInfo} from '@tensorflow/tfjs-core';
import type {Op} from '../composed.js';

type DataFormat = 'NHWC' | 'NCHW';
type Padding = Parameters<typeof backend_util.computeConv2DInfo>[4];

/** Images in the one order that the wasm backend's convolutions know. */
export function toChannelsLast(op: Op, images: TensorInfo, dataFormat: DataFormat): TensorInfo {
  return dataFormat === 'NCHW' ? op('Transpose', {x: images}, {perm: [0, 2, 3, 1]}) : images;
}

/** Undoes {@link toChannelsLast}. */
export function fromChannelsLast(op: Op, images: TensorInfo, dataFormat: DataFormat): TensorInfo {
  return dataFormat === 'NCHW' ? op('Transpose', {x: images}, {perm: [0, 3, 1, 2]}) : images;
}

/** The padding of those images: where it is explicit, it has a pair for each axis. */
export function padChannelsLast(pad: Padding, dataFormat: DataFormat): Padding {
  return dataFormat === 'NCHW' && typeof pad === 'object' ? [pad[0], pad[2], pad[3], pad[1]] : pad;
}
