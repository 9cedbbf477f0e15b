import {type GradientTransform, requireOptions} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {perParameter, type Slots} from './perParameter.js';
import {requireMomentum} from './requireMomentum.js';

/** The options of {@link trace}. */
export interface TraceOptions {
  /** Share of the velocity that stays from step to step; in [0, 1). */
  readonly momentum: number;
  /** Looks one step ahead along the velocity (Nesterov); default false. */
  readonly nesterov?: boolean;
  /** Share of every gradient but the first that is left out; in [0, 1), default 0, as it must be with `nesterov`. */
  readonly dampening?: number;
}

type TraceSlot = Readonly<{
  /** The shape of the parameter. */
  velocity: tf.Tensor;
  steps: number;
}>;

/**
 * Adds up gradients to a velocity, of which a share stays in every step: momentum.
 *
 *     v ← momentum · v + (1 − dampening) · g,   in the first step v ← g
 *     g ← v,   with nesterov: g + momentum · v
 *
 * `torch.optim.SGD` and `optax.trace`. The learning rate comes after it, so that a change of the rate acts on the whole
 * velocity at once; in Keras every gradient keeps the rate of its own step. The same while the rate is constant.
 *
 * Any shapes. A parameter without a gradient keeps its velocity. 2 kernels per parameter and step, 4 with `nesterov`.
 *
 * @throws RangeError if `momentum` or `dampening` is not in [0, 1), or Nesterov comes with dampening or without momentum.
 * @throws TypeError if `options` is no object or has an unknown key, or `nesterov` is no boolean.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {trace} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.scalar(1), true, 'traceExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), trace({momentum: 0.9, nesterov: true}));
 * optimizer.minimize(() => tf.square(w) as tf.Scalar); // the gradient is 2, v = 2, the step 0.1 · (2 + 0.9 · 2)
 * w.print(); // 0.62
 * ```
 * @see Sutskever, Martens, Dahl, Hinton (2013), "On the importance of initialization and momentum in deep learning", ICML.
 */
export function trace(options: TraceOptions): GradientTransform<Slots<TraceSlot>> {
  const known = {momentum: 0.9, nesterov: 'true', dampening: 0};
  const {momentum, nesterov = false, dampening = 0} = requireOptions('trace', options, known);
  requireMomentum('trace', {momentum, nesterov, dampening});
  return perParameter<TraceSlot>(
    'trace',
    {momentum, nesterov, dampening},
    (param) => ({velocity: tf.zerosLike(param), steps: 0}),
    (grad, slot, constant) => {
      const kept = (velocity: tf.Tensor): tf.Tensor => tf.mul(constant(momentum), velocity);
      const share = dampening === 0 ? grad : tf.mul(constant(1 - dampening), grad);
      const velocity = slot.steps === 0 ? grad : tf.add(kept(slot.velocity), share);
      return [nesterov ? tf.add(grad, kept(velocity)) : velocity, {velocity, steps: slot.steps + 1}];
    },
  );
}
