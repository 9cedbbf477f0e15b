import {
  type GradientTransform,
  isNative,
  mapTensors,
  type NamedTensors,
  normOfEach,
  requireOptions,
  runJointKernel,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Sets the entries that are NaN or ±Infinity to 0.
 *
 *     g ← g where g is finite, 0 elsewhere
 *
 * Put it first in a chain: what stands after it sees finite numbers only. It hides a problem rather than solving it, for
 * the rest of such a gradient is seldom of use; {@link skipNonFinite} leaves out the whole step and tells when it happens
 * too often, but reads from the device. Finite entries pass exactly unchanged. Any shapes; holes stay holes.
 *
 * @throws TypeError if it is given an option: there is none.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {clipByGlobalNorm, zeroNonFinite} from '@gradwire/clipping';
 *
 * const w = tf.variable(tf.tensor1d([0, 4]), true, 'zeroNonFiniteExample');
 * const optimizer = transformGradients(tf.train.sgd(1), zeroNonFinite(), clipByGlobalNorm({maxNorm: 1}));
 * optimizer.minimize(() => tf.sum(tf.sqrt(w)) as tf.Scalar); // the gradient is [Infinity, 0.25]
 * w.print(); // [0, 3.75]
 * ```
 * @see `numpy.nan_to_num` with nan, posinf and neginf 0.
 */
export function zeroNonFinite(options: Readonly<Record<string, never>> = {}): GradientTransform<undefined> {
  requireOptions('zeroNonFinite', options, {});
  return stateless('zeroNonFinite', {}, zero, {kind: 'guard', scope: 'entry'});
}

function zero(grads: NamedTensors): NamedTensors {
  const names = Object.keys(grads);
  const joint = runJointKernel('ZeroNonFiniteEach', Object.values(grads));
  if (joint !== undefined) return Object.fromEntries(names.map((name, i) => [name, joint[i]!]));
  // Native TensorFlow has norms, and lets them be read, in a fraction of the time that the rest takes.
  const norms = isNative() ? normOfEach(grads).dataSync() : [];
  const finite = new Set(names.filter((_name, i) => Number.isFinite(norms[i])));
  // Tidied one by one: at any time there are the auxiliary tensors of one parameter.
  return mapTensors(grads, (g, name) =>
    finite.has(name) ? g : tf.tidy(() => tf.where(tf.isFinite(g), g, tf.zerosLike(g))),
  );
}
