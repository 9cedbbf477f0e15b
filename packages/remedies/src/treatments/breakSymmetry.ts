import {counted} from '../counted.js';
import {redraw} from '../redraw.js';
import {defineTreatment, type Treatment} from '../treatment.js';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Draws kernels anew that are constant, such as all zero: their units all get the same gradient, and can never differ.
 *
 * @example
 * ```ts
 * import {breakSymmetry, onAlert} from '@gradwire/remedies';
 *
 * const remedy = onAlert('lossPlateau', breakSymmetry());
 * ```
 */
export function breakSymmetry(): Treatment {
  return defineTreatment('breakSymmetry', (training) => {
    const isConstant = (variable: tf.Variable): boolean =>
      variable.rank > 1 && variable.size > 1 && spreadOf(variable) === 0;
    const parameters = redraw(training, training.layers, isConstant);
    if (parameters.length === 0) throw new Error('no kernel is constant.');
    return {change: `new values for ${counted(parameters.length, 'constant kernel')}`, parameters};
  });
}

function spreadOf(tensor: tf.Tensor): number {
  return tf.tidy(() => tf.sub(tf.max(tensor), tf.min(tensor)).dataSync()[0]!);
}
