import type {NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Quantiles of every tensor, exactly, by linear interpolation between neighbours in sorted order.
 *
 *     Q(p) = (1 − f) · s₍ₖ₎ + f · s₍ₖ₊₁₎,  k + f = p · (n − 1),  s = sort(t)
 *
 * NaN where the tensor has one; 0 for an empty tensor.
 *
 * @param tensors n tensors of any shapes.
 * @param quantiles in [0, 1].
 * @returns shape [n, quantiles].
 * @see `numpy.quantile`.
 */
export function quantilesOfEach(tensors: NamedTensors, quantiles: readonly number[]): tf.Tensor2D {
  const list = Object.values(tensors);
  if (list.length === 0) return tf.zeros([0, quantiles.length]);
  return tf.tidy(() => tf.stack(list.map((tensor) => quantilesOf(tensor, quantiles))) as tf.Tensor2D);
}

function quantilesOf(tensor: tf.Tensor, quantiles: readonly number[]): tf.Tensor {
  const {size} = tensor;
  if (size === 0) return tf.zeros([quantiles.length]);
  const entries = tf.reshape(tensor, [size]);
  const isNaN = tf.isNaN(entries);
  // Sorting must not meet what is in no order.
  const sorted = tf.topk(tf.where(isNaN, tf.zerosLike(entries), entries), size).values;
  const places = quantiles.map((quantile) => quantile * (size - 1));
  const at = (round: (place: number) => number): tf.Tensor =>
    // From the other end: topk puts the largest first.
    tf.gather(
      sorted,
      tf.tensor1d(
        places.map((place) => size - 1 - round(place)),
        'int32',
      ),
    );
  const [lower, upper] = [at(Math.floor), at(Math.ceil)];
  const shares = tf.tensor1d(places.map((place) => place - Math.floor(place)));
  const between = tf.add(tf.mul(lower, tf.sub(1, shares)), tf.mul(upper, shares));
  const found = tf.where(tf.equal(lower, upper), lower, between);
  return tf.where(tf.any(isNaN), tf.fill([quantiles.length], NaN), found);
}
