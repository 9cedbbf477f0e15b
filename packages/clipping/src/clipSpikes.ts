import {
  divideEach,
  globalNorm,
  type GradientTransform,
  mapTensors,
  type NamedTensors,
  normOfEach,
  requireInteger,
  requireNonNegative,
  requireOptions,
  requirePositive,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** The options of {@link clipSpikes}. */
export interface ClipSpikesOptions {
  /** The z-score beyond which a norm is a spike; > 0, default 2.5. */
  readonly threshold?: number;
  /** Share of the averages that stays in every step; in [0, 1), default 0.97. */
  readonly decay?: number;
  /** How many finite norms are collected before anything is clipped; a whole number >= 1, default 25. */
  readonly warmup?: number;
  /** Added to the standard deviation; > 0, in units of the gradient, default 1e-6. */
  readonly epsilon?: number;
}

/** The state of {@link clipSpikes}: how many norms have been collected, their μ and σ (σ² would over- and underflow). */
export type ClipSpikesState = Readonly<Record<'count' | 'mean' | 'deviation', tf.Tensor>>;

/**
 * Brings the joint L2 norm of all gradients down where it stands out from those of the steps before: ZClip.
 *
 *     z = (‖g‖₂ − μ) / (σ + epsilon)
 *     n = μ + σ · threshold² / z where z > threshold, ‖g‖₂ elsewhere
 *     g ← g · n / ‖g‖₂,  μ ← decay · μ + (1 − decay) · n,  σ² ← decay · σ² + (1 − decay) · (n − μ)², with the new μ
 *
 * The higher a spike, the closer to the mean it comes ("reciprocal" clipping), and the averages take in what it has
 * become. All other gradients pass exactly unchanged, and the direction of the whole gradient stays. During the first
 * `warmup` steps all pass, and μ and σ² become mean and variance (not corrected for bias) of their norms. Nothing is read
 * from the device. Any shapes; holes stay holes and count for nothing.
 *
 * A norm that is not finite passes and leaves μ and σ as they are: put {@link skipNonFinite} or {@link zeroNonFinite}
 * before. As long as μ is 0 nothing is clipped: to bring a norm to 0 would end the training.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {clipSpikes} from '@gradwire/clipping';
 *
 * const w = tf.variable(tf.scalar(0), true, 'clipSpikesExample');
 * const optimizer = transformGradients(tf.train.sgd(1), clipSpikes({warmup: 2, threshold: 2}));
 * for (const slope of [1, 3, 12]) {
 *   optimizer.minimize(() => tf.mul(slope, w) as tf.Scalar); // mean and deviation: 2 and 1; then z = 10
 * }
 * w.print(); // -1 - 3 - (2 + 1 * 2 * 2 / 10) = -6.4
 * ```
 * @see Kumar, Owen, Chowdhury, Güra (2025), "ZClip: Adaptive Spike Mitigation for LLM Pre-Training", arXiv:2504.02507.
 */
export function clipSpikes(options: ClipSpikesOptions = {}): GradientTransform<ClipSpikesState> {
  const {
    threshold = 2.5,
    decay = 0.97,
    warmup = 25,
    epsilon = 1e-6,
  } = requireOptions('clipSpikes', options, {threshold: 2.5, decay: 0.97, warmup: 25, epsilon: 1e-6});
  requirePositive('clipSpikes', {threshold, epsilon});
  requireNonNegative('clipSpikes', {decay});
  if (decay >= 1) throw new RangeError(`clipSpikes: decay must be < 1, got ${decay}.`);
  requireInteger('clipSpikes', {warmup}, 1);

  /**
   * The statistics with one more norm, at distance d from the mean: μ ← μ + rate · d, σ² ← (1 − rate) · σ² + (pull · d)².
   * With rate 1 − decay and pull √(1 − decay) · decay that is the average; in warm-up it is Welford's variance.
   */
  function withNorm({count, mean, deviation}: ClipSpikesState, norm: tf.Tensor, isWarm: tf.Tensor) {
    const share = tf.div(1, tf.add(count, 1));
    const rate = tf.where(isWarm, 1 - decay, share);
    const pull = tf.where(isWarm, Math.sqrt(1 - decay) * decay, tf.sqrt(tf.mul(share, tf.sub(1, share))));
    const distance = tf.sub(norm, mean);
    const parts = [tf.mul(tf.sqrt(tf.sub(1, rate)), deviation), tf.mul(pull, distance)];
    return {
      count: tf.add(count, 1),
      mean: tf.add(mean, tf.mul(rate, distance)),
      deviation: tf.reshape(normOfEach({parts: tf.stack(parts)}), []),
    };
  }

  return Object.freeze({
    name: 'clipSpikes',
    config: {threshold, decay, warmup, epsilon},
    traits: {kind: 'clip', scope: 'global'} as const,
    init: () => ({count: tf.scalar(0), mean: tf.scalar(0), deviation: tf.scalar(0)}),
    update(grads: NamedTensors, state: ClipSpikesState) {
      if (Object.keys(grads).length === 0) return [grads, state] as const;
      const {count, mean, deviation} = state;
      const norm = globalNorm(grads);
      const isFinite = tf.isFinite(norm);
      const isWarm = tf.greaterEqual(count, warmup);
      const z = tf.div(tf.sub(norm, mean), tf.add(deviation, epsilon));
      const limit = tf.add(mean, tf.mul(threshold ** 2, tf.div(deviation, z)));
      const isClippable = tf.logicalAnd(tf.logicalAnd(isFinite, isWarm), tf.greater(mean, 0));
      const isSpike = tf.logicalAnd(isClippable, tf.greater(z, threshold));
      const next = withNorm(state, tf.where(isSpike, limit, norm), isWarm);
      return [
        divideEach(grads, tf.where(isSpike, tf.div(norm, limit), 1)),
        mapTensors(next, (value, key) =>
          tf.where(isFinite, value, state[key as keyof ClipSpikesState]),
        ) as ClipSpikesState,
      ] as const;
    },
  });
}
