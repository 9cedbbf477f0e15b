import {type Initializer, initialValues} from '@gradwire/core';
import {assignAll} from './assignAll.js';
import type {LinearLayer} from './linearLayer.js';

/** Gives new values to all kernels of these layers, unless they are to be kept. */
export function assignKernels(
  where: string,
  layers: readonly LinearLayer[],
  initializer: Initializer | 'keep',
  seed: number,
): void {
  if (initializer === 'keep') return;
  const kernels = layers.flatMap((layer) => layer.kernels);
  assignAll(() => initialValues(where, {'**': initializer}, kernels, seed));
}
