import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from './describeValue.js';

/**
 * Checks that an argument is an optimizer.
 *
 * @throws TypeError that names the function `where` and the value.
 */
export function requireOptimizer(where: string, value: unknown): void {
  if (value != null && value instanceof tf.Optimizer) return;
  const hint = typeof value === 'function' ? ' Was it not called?' : '';
  throw new TypeError(
    `${where}: optimizer must be a tf.Optimizer, e.g. tf.train.adam(), got ${describeValue(value)}.${hint}`,
  );
}
