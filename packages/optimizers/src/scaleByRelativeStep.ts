import {type GradientTransform, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {perParameter, type Slots} from './perParameter.js';

type RelativeStepSlot = Readonly<{steps: number}>;

/**
 * Lets the learning rate fall to one over the root of the step.
 *
 *     g ← g · min(1, 1 / (rate · √t)),   so that rate · g becomes min(rate, 1 / √t) · g
 *
 * `rate` is that of the optimizer that gets the gradients, 1 where it has none; t counts the parameter's own steps: one without a
 * gradient is none. Any shapes. At most 1 kernel per parameter and step, none while the rate is the smaller: 10 000 steps with 0.01.
 *
 * @throws TypeError if it is given an option: there is none.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleByRelativeStep} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.scalar(2), true, 'scaleByRelativeStepExample');
 * const optimizer = transformGradients(tf.train.sgd(4), scaleByRelativeStep());
 * for (let step = 1; step <= 4; step++) optimizer.minimize(() => tf.add(w, 0) as tf.Scalar); // the gradient is 1
 * w.print(); // 2 - 1 - 1 / √2 - 1 / √3 - 1 / 2 = -0.7844571
 * ```
 * @see Shazeer, Stern (2018), arXiv:1804.04235, section 9.
 */
export function scaleByRelativeStep(
  options: Readonly<Record<string, never>> = {},
): GradientTransform<Slots<RelativeStepSlot>> {
  requireOptions('scaleByRelativeStep', options, {});
  return perParameter<RelativeStepSlot>(
    'scaleByRelativeStep',
    {},
    () => ({steps: 0}),
    (grad, {steps}, constant, {learningRate: rate = 1}) => {
      const factor = Math.min(1, 1 / (rate * Math.sqrt(steps + 1)));
      return [factor === 1 ? grad : tf.mul(constant(factor), grad), {steps: steps + 1}];
    },
  );
}
