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
 * Replaces every entry of the gradient by its sign.
 *
 *     g ← 1 where g > 0, −1 where g < 0, 0 where g = 0
 *
 * With `tf.train.sgd` this is signSGD: all weights move by the learning rate, whatever the size of the gradient, so choose
 * one far below that of SGD. NaN stays NaN. Right from 1e-38 to infinity. Any shapes; holes stay holes.
 *
 * @throws TypeError if it is given an option: there is none.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {signGradients} from '@gradwire/normalization';
 *
 * const w = tf.variable(tf.tensor1d([3, -0.5, 0]), true, 'signGradientsExample');
 * const optimizer = transformGradients(tf.train.sgd(0.25), signGradients());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [6, -1, 0]
 * w.print(); // [2.75, -0.25, 0]
 * ```
 * @see Bernstein et al. (2018), "signSGD: Compressed Optimisation for Non-Convex Problems", arXiv:1802.04434.
 */
export function signGradients(options: Readonly<Record<string, never>> = {}): GradientTransform<undefined> {
  requireOptions('signGradients', options, {});
  return stateless('signGradients', {}, signs, {kind: 'normalize', scope: 'entry'});
}

function signs(grads: NamedTensors): NamedTensors {
  const names = Object.keys(grads);
  const joint = runJointKernel('SignEach', Object.values(grads));
  if (joint !== undefined) return Object.fromEntries(names.map((name, i) => [name, joint[i]!]));
  // On native TensorFlow tf.sign is right but for NaN, which the norm tells, and tf.step very slow.
  const norms = isNative() ? normOfEach(grads).dataSync() : [];
  const finite = new Set(names.filter((_name, i) => Number.isFinite(norms[i])));
  return mapTensors(grads, (grad, name) => (finite.has(name) ? tf.sign(grad) : sign(grad)));
}

function sign(grad: tf.Tensor): tf.Tensor {
  // Not tf.sign, to which NaN is 0, and on wasm all below 1e-7 is.
  return tf.tidy(() => tf.sub(tf.step(grad), tf.step(tf.neg(grad))));
}
