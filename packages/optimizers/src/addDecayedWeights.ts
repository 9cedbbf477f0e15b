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

/** The options of {@link addDecayedWeights}. */
export interface AddDecayedWeightsOptions {
  /** Share of the weights that is added; >= 0. */
  readonly rate: number;
  /** Parameters with another rate; the first group that matches one has it. */
  readonly groups?: readonly {readonly select: Selector; readonly rate: number}[];
}

/**
 * Adds a share of the weights to the gradients: weight decay.
 *
 *     g ← g + rate · w
 *
 * In front of what adapts the step, it is the gradient of a penalty of rate · ‖w‖² / 2 (L2, as `weight_decay` of `torch.optim.SGD`);
 * behind it, it is decoupled (as in AdamW): every step then takes learning rate · rate off the weights.
 *
 * Any shapes. A parameter without a gradient does not decay. 2 kernels per parameter and step, none where the rate is 0.
 *
 * @throws RangeError if a rate is negative or not finite.
 * @throws TypeError if `options` is no object or has an unknown key, or a group is none.
 * @throws Error at the first step, before any update, if a group is left without a parameter.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {addDecayedWeights} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.scalar(10), true, 'addDecayedWeightsExample');
 * const optimizer = transformGradients(tf.train.sgd(1), addDecayedWeights({rate: 0.25}));
 * optimizer.minimize(() => tf.mul(w, 2) as tf.Scalar); // the gradient is 2
 * w.print(); // 10 - (2 + 0.25 · 10) = 5.5
 * ```
 * @see Loshchilov, Hutter (2019), "Decoupled Weight Decay Regularization", arXiv:1711.05101.
 */
export function addDecayedWeights(options: AddDecayedWeightsOptions): GradientTransform<undefined> {
  const known = {rate: 0.01, groups: "[{select: '**/bias', rate: 0}]"};
  const {rate, groups = []} = requireOptions('addDecayedWeights', options, known);
  requireNonNegative('addDecayedWeights', {rate});
  const rates = valueByGroup('addDecayedWeights', readGroups('addDecayedWeights', groups, 'rate'), rate);
  return Object.freeze({
    name: 'addDecayedWeights',
    get config() {
      return {
        rate,
        groups: groups.map((group) => ({
          select: selectorToJson('addDecayedWeights', group.select),
          rate: group.rate,
        })),
      };
    },
    init(params: NamedTensors) {
      rates.check(params);
      return undefined;
    },
    update(grads: NamedTensors, state: undefined, {params}: StepContext) {
      const constant = constants();
      const byName = rates.of(params);
      const decayed = mapTensors(grads, (grad, name) => {
        const share = byName.get(name)!;
        return share === 0 ? grad : tf.add(grad, tf.mul(constant(share), params[name]!));
      });
      return [decayed, state] as const;
    },
  });
}
