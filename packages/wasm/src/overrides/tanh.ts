import {type TensorInfo, util} from '@tensorflow/tfjs-core';
import {addressOf, type Override} from './override.js';

/** Four elements at a time; the shipped kernel calls the C library for each. At most 2 units in the last place off. */
export const tanh: Override = ({inputs, backend}, simd) => {
  // Always float32: `tf.tanh` sees to it.
  const {x} = inputs as {x: TensorInfo};
  const out = backend.makeOutput(x.shape, 'float32');
  simd.exports.tanh(
    simd.control,
    addressOf(backend, x),
    addressOf(backend, out),
    util.sizeFromShape(x.shape),
  );
  return out;
};
