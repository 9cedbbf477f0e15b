import {
  divideEach,
  globalNorm,
  type GradientTransform,
  type NamedTensors,
  requireInteger,
  requireNonNegative,
  requireOptions,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** The options of {@link autoClip}. */
export interface AutoClipOptions {
  /** Percentile of the norms so far that is the limit; from 0 to 100, default 10. */
  readonly percentile?: number;
  /** How many norms are remembered; a whole number >= 1, default 1000. */
  readonly window?: number;
}

/** The state of {@link autoClip}: the last norms, shape [window], the newest last; zeros stand before the first. */
export type AutoClipState = Readonly<Record<'norms', tf.Tensor>>;

/**
 * Limits the joint L2 norm of all gradients to a percentile of the norms of the last steps.
 *
 *     g ← g · min(1, limit / ‖g‖₂),  limit = percentile(‖g‖₂ of this step and the window − 1 before)
 *
 * The percentile is interpolated linearly, as `numpy.percentile` does. The limit follows the training by itself; with
 * the default, nine steps of ten are clipped. The authors remember all norms of a training; here it is the last `window`,
 * before clipping. Keeps the direction of the whole gradient; what is below the limit passes exactly unchanged. Nothing
 * is read from the device. Any shapes; holes stay holes and count for nothing.
 *
 * A norm that is not finite is not remembered, and passes: put {@link skipNonFinite} or {@link zeroNonFinite} before.
 * Neither is a norm of 0, so that the limit never is 0.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {autoClip} from '@gradwire/clipping';
 *
 * const w = tf.variable(tf.scalar(0), true, 'autoClipExample');
 * const optimizer = transformGradients(tf.train.sgd(1), autoClip({percentile: 50}));
 * for (const slope of [1, 2, 9]) {
 *   optimizer.minimize(() => tf.mul(slope, w) as tf.Scalar); // the medians are 1, 1.5 and 2
 * }
 * w.print(); // -1 - 1.5 - 2 = -4.5
 * ```
 * @see Seetharaman, Wichern, Pardo, Le Roux (2020), "AutoClip: Adaptive Gradient Clipping for Source Separation
 * Networks", arXiv:2007.14469.
 */
export function autoClip(options: AutoClipOptions = {}): GradientTransform<AutoClipState> {
  const {percentile = 10, window = 1000} = requireOptions('autoClip', options, {
    percentile: 10,
    window: 1000,
  });
  requireNonNegative('autoClip', {percentile});
  if (percentile > 100) throw new RangeError(`autoClip: percentile must be <= 100, got ${percentile}.`);
  requireInteger('autoClip', {window}, 1);

  return Object.freeze({
    name: 'autoClip',
    config: {percentile, window},
    traits: {kind: 'clip', scope: 'global'} as const,
    init: () => ({norms: tf.zeros([window])}),
    update(grads: NamedTensors, {norms}: AutoClipState) {
      const norm = globalNorm(grads);
      const isFinite = tf.isFinite(norm);
      const isUsable = tf.logicalAnd(isFinite, tf.greater(norm, 0));
      const pushed = tf.concat([tf.slice(norms, 1), tf.reshape(norm, [1])]);
      const next = tf.where(isUsable, pushed, norms);
      const limit = percentileOfPositive(next, percentile);
      const isAbove = tf.logicalAnd(isFinite, tf.greater(norm, limit));
      return [divideEach(grads, tf.where(isAbove, tf.div(norm, limit), 1)), {norms: next}] as const;
    },
  });
}

/** The percentile of the entries that are not 0; 0 if there are none. */
function percentileOfPositive(values: tf.Tensor, percentile: number): tf.Tensor {
  const {size} = values;
  const descending = tf.topk(values, size).values;
  const count = tf.sum(tf.cast(tf.greater(values, 0), 'float32'));
  // The place from the top, in hundredths: whole and fraction are exact so, where count / 100 would be rounded.
  const place = tf.mul(100 - percentile, tf.maximum(tf.sub(count, 1), 0));
  const past = tf.mod(place, 100);
  const index = tf.div(tf.sub(place, past), 100);
  const indices = tf.cast(tf.minimum(tf.stack([index, tf.add(index, 1)]), size - 1), 'int32');
  const [upper, lower] = tf.unstack(tf.gather(descending, indices)) as [tf.Tensor, tf.Tensor];
  return tf.div(tf.add(tf.mul(upper, tf.sub(100, past)), tf.mul(lower, past)), 100);
}
