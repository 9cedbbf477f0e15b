import type {CaptureContext} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * A step for a capture to look at, where there is nothing but what is given: for tests of what a capture measures.
 *
 * Gradients are raw and final unless these are given apart; weights do not move; the loss is 0.
 *
 * @param parts what there is.
 * @example
 * ```ts
 * import {gradientStats} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {captureContext, readMeasurements} from '@gradwire/testing';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const ctx = captureContext({gradients: {w: tf.tensor1d([3, -4])}});
 * const {values} = await readMeasurements(gradientStats({when: every(1)}).measure(ctx));
 * console.log(values['w']?.norm); // 5
 * ```
 */
export function captureContext(parts: Partial<CaptureContext> = {}): CaptureContext {
  const {gradients = parts.rawGradients ?? {}, weightsAfter = parts.weightsBefore ?? {}} = parts;
  const rawGradients = parts.rawGradients ?? gradients;
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    stages: [{name: 'raw', gradients: rawGradients}],
    rawGradients,
    gradients,
    weightsBefore: weightsAfter,
    weightsAfter,
    loss: tf.scalar(0),
    layers: [],
    activations: {},
    activationGradients: {},
    ...parts,
  };
}
