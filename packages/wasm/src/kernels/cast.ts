import {Cast, type CastAttrs} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';

/**
 * Values as another dtype. Replaces a kernel that cuts fractions off for 'bool' as well, and so makes false of 0.5 and 2
 * of 2.
 */
export const cast = composed<'x', CastAttrs>(Cast, ({inputs: {x}, attrs: {dtype}, op, backend}) => {
  if (dtype === x.dtype) return op('Reshape', {x}, {shape: x.shape});
  const y = backend.makeOutput(x.shape, dtype);
  const from = backend.typedArrayFromHeap(x);
  const to = backend.typedArrayFromHeap(y);
  if (dtype === 'bool') for (let i = 0; i < from.length; i++) to[i] = from[i] === 0 ? 0 : 1;
  else to.set(from);
  return y;
});
