import {backend_util, type SumAttrs, type TensorInfo, util} from '@tensorflow/tfjs-core';
import {addressOf, areFloat32, type Override} from './override.js';

/** Sums over leading axes, as the gradient of a bias is one; the shipped kernel transposes first. */
export const sum: Override = ({inputs, attrs, backend}, simd) => {
  const {x} = inputs as {x: TensorInfo};
  const {axis, keepDims} = attrs as unknown as SumAttrs;
  const axes = util.parseAxisParam(axis, x.shape);
  const leads = axes.length < x.shape.length && axes.every((_, index) => axes.includes(index));
  if (!leads || !areFloat32(x) || util.sizeFromShape(x.shape) === 0) return undefined;

  const [kept, reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
  const out = backend.makeOutput(shape, 'float32');
  const [rows, columns] = [util.sizeFromShape(reduced), util.sizeFromShape(kept)];
  simd.exports.sumRows(addressOf(backend, x), addressOf(backend, out), rows, columns);
  return out;
};
