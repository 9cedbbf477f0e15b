import {
  type GradientTransform,
  isNative,
  mapTensors,
  type NamedTensors,
  requireOptions,
  requirePositive,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {runNative} from './runNative.js';

/** The options of {@link clipByValue}. */
export interface ClipByValueOptions {
  /** Largest magnitude of an entry; > 0, in units of the gradient. */
  readonly value: number;
}

/**
 * Limits every entry of every gradient to [−value, value].
 *
 *     g ← min(max(g, −value), value)
 *
 * Changes the direction of the gradient: large entries lose, small ones pass exactly unchanged. Equal to PyTorch's
 * `clip_grad_value_`. Any shapes; holes stay holes.
 *
 * @throws RangeError if `value` is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {clipByValue} from '@gradwire/clipping';
 *
 * const w = tf.variable(tf.tensor1d([0.1, 40]), true, 'clipByValueExample');
 * const optimizer = transformGradients(tf.train.sgd(1), clipByValue({value: 0.5}));
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [0.2, 80]
 * w.print(); // [-0.1, 39.5]
 * ```
 * @see Mikolov (2012), "Statistical Language Models Based on Neural Networks", thesis, Brno University of Technology.
 */
export function clipByValue(options: ClipByValueOptions): GradientTransform<undefined> {
  const {value} = requireOptions('clipByValue', options, {value: 0.5});
  requirePositive('clipByValue', {value});
  return stateless(
    'clipByValue',
    {value},
    (grads) => (isNative() ? clipNatively(grads, value) : clip(grads, value)),
    {kind: 'clip', scope: 'entry'},
  );
}

function clip(grads: NamedTensors, value: number): NamedTensors {
  return mapTensors(grads, (grad) => tf.clipByValue(grad, -value, value));
}

/** In one pass over the gradient; tfjs-node makes two of it, and a copy in between. */
function clipNatively(grads: NamedTensors, value: number): NamedTensors {
  const [low, high] = [tf.scalar(-value), tf.scalar(value)];
  return mapTensors(grads, (grad) =>
    grad.dtype === 'float32'
      ? runNative('ClipByValue', [grad, low, high])
      : tf.clipByValue(grad, -value, value),
  );
}
