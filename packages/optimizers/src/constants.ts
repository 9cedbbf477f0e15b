import * as tf from '@tensorflow/tfjs-core';

/** Gives a number as a tensor, and the same one for the same number. */
export type Constants = (value: number) => tf.Scalar;

/**
 * The constants of one step. tfjs makes a tensor of every number that an operation is given; a rule that asks here instead makes
 * one for all parameters.
 */
export function constants(): Constants {
  const known = new Map<number, tf.Scalar>();
  return (value) => {
    let scalar = known.get(value);
    if (scalar === undefined) {
      scalar = tf.scalar(value);
      known.set(value, scalar);
    }
    return scalar;
  };
}
