import {
  type GradientTransform,
  mapTensors,
  type NamedTensors,
  requireNonNegative,
  requireOptions,
  type Selector,
  type StepContext,
  selectorToJson,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {constants} from './constants.js';
import {readGroups, valueByGroup} from './valueByGroup.js';

/** The options of {@link scaleGradients}. */
export interface ScaleGradientsOptions {
  /** What gradients are multiplied by; >= 0. */
  readonly factor: number;
  /** Parameters with another factor; the first group that matches one has it. */
  readonly groups?: readonly {readonly select: Selector; readonly factor: number}[];
}

/**
 * Multiplies gradients by a number. Last before `tf.train.sgd`, it gives groups of parameters a learning rate of their own.
 *
 *     g ← factor · g
 *
 * Any shapes; holes stay holes. 1 kernel per parameter and step, none where the factor is 1.
 *
 * @throws RangeError if a factor is negative or not finite.
 * @throws TypeError if `options` is no object or has an unknown key, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleGradients} from '@gradwire/optimizers';
 *
 * // Biases learn at a tenth of the rate.
 * const slow = scaleGradients({factor: 1, groups: [{select: '**\/bias', factor: 0.1}]});
 * const optimizer = transformGradients(tf.train.sgd(0.5), slow);
 * const bias = tf.variable(tf.scalar(1), true, 'scaleGradientsExample/bias');
 * optimizer.minimize(() => tf.square(bias) as tf.Scalar); // the gradient is 2
 * bias.print(); // 0.9
 * ```
 */
export function scaleGradients(options: ScaleGradientsOptions): GradientTransform<undefined> {
  const known = {factor: 1, groups: "[{select: '**/bias', factor: 0.1}]"};
  const {factor, groups = []} = requireOptions('scaleGradients', options, known);
  requireNonNegative('scaleGradients', {factor});
  const factors = valueByGroup('scaleGradients', readGroups('scaleGradients', groups, 'factor'), factor);
  return Object.freeze({
    name: 'scaleGradients',
    get config() {
      return {
        factor,
        groups: groups.map((group) => ({
          select: selectorToJson('scaleGradients', group.select),
          factor: group.factor,
        })),
      };
    },
    init(params: NamedTensors) {
      factors.check(params);
      return undefined;
    },
    update(grads: NamedTensors, state: undefined, {params}: StepContext) {
      const constant = constants();
      const byName = factors.of(params);
      const scaled = mapTensors(grads, (grad, name) => {
        const by = byName.get(name)!;
        return by === 1 ? grad : tf.mul(constant(by), grad);
      });
      return [scaled, state] as const;
    },
  });
}
