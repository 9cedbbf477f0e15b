import {divideEach, momentsOfEach} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** What a constant is divided by: finite, since not all graphics cards know infinity. */
const VAST = 3e38;

/** The distance from 1 to the next float32. */
const ROUNDING = 2 ** -23;

/** A tensor less its mean, divided by its deviation and `epsilon`; and one by what it was divided, 0 for a constant. */
export function standardized<T extends tf.Tensor>(x: T, epsilon = 0): {value: T; scale: () => tf.Scalar} {
  const {means, deviations} = momentsOfEach({x});
  // Of a constant a backend may have a mean that is one digit off. What deviates by no more than that deviates by nothing.
  const isConstant = tf.lessEqual(deviations, tf.mul(tf.abs(means), ROUNDING));
  const divisors = tf.where(isConstant, tf.fill([1], VAST), tf.add(deviations, epsilon));
  const {x: value} = divideEach({x}, divisors, means);
  const scale = (): tf.Scalar =>
    tf.reshape(tf.where(isConstant, tf.zerosLike(divisors), tf.div(1, divisors)), []);
  return {value: value as T, scale};
}
