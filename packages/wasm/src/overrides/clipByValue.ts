import {type ClipByValueAttrs, type TensorInfo, util} from '@tensorflow/tfjs-core';
import {addressOf, areFloat32, type Override} from './override.js';

/** Four elements at a time, and NaN stays NaN. */
export const clipByValue: Override = ({inputs, attrs, backend}, simd) => {
  const {x} = inputs as {x: TensorInfo};
  const {clipValueMin, clipValueMax} = attrs as unknown as ClipByValueAttrs;
  if (!areFloat32(x)) return undefined;
  const out = backend.makeOutput(x.shape, 'float32');
  const size = util.sizeFromShape(x.shape);
  simd.exports.clip(addressOf(backend, x), addressOf(backend, out), size, clipValueMin, clipValueMax);
  return out;
};
