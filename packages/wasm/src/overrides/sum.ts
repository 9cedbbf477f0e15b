import {backend_util, type SumAttrs, type TensorInfo, util} from '@tensorflow/tfjs-core';
import {addressOf, areFloat32, type Override} from './override.js';

/**
 * Sums over leading axes, as the gradient of a bias is one; the shipped kernel transposes first. Sums of nothing are zero; the
 * shipped kernel leaves what was in memory.
 */
export const sum: Override = ({inputs, attrs, backend}, simd) => {
  const {x} = inputs as {x: TensorInfo};
  const {axis, keepDims} = attrs as unknown as SumAttrs;
  const axes = util.parseAxisParam(axis, x.shape);
  const empty = util.sizeFromShape(x.shape) === 0;
  const leads = axes.length < x.shape.length && axes.every((_, index) => axes.includes(index));
  const [kept, reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const narrow = util.sizeFromShape(kept) < 4;
  if (!empty && (!leads || narrow || !areFloat32(x))) return undefined;

  const shape = keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
  const out = backend.makeOutput(shape, x.dtype);
  const [rows, columns] = [util.sizeFromShape(reduced), util.sizeFromShape(kept)];
  if (empty) backend.typedArrayFromHeap(out).fill(0);
  else simd.exports.sumRows(addressOf(backend, x), addressOf(backend, out), rows, columns);
  return out;
};
