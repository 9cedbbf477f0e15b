import {describeValue, requireNonNegative, requireOptions, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/** The options of {@link maxNormRegularizer}. */
export interface MaxNormRegularizerOptions {
  /** Norm of a unit's weights up to which nothing is asked; > 0. */
  readonly maxNorm: number;
  /** Weight of the penalty in the loss; >= 0. Default 0.01. */
  readonly strength?: number;
  /** Axes along which the weights of one unit lie. Default: all but the last, as tfjs lays kernels out. */
  readonly axis?: number | readonly number[];
}

/** What tfjs calls a regularizer. */
export type Regularizer = ReturnType<typeof tfl.regularizers.l2>;

/**
 * A regularizer that asks the weights of each unit to stay within a norm: the soft counterpart of `tf.constraints.maxNorm`.
 *
 *     penalty = strength · Σ_u max(0, ‖w_u‖₂ − maxNorm)²
 *
 * w_u are the weights into one unit: a column of a dense kernel (in, out), a filter of a convolution (h, w, in, out). Norms up
 * to `maxNorm` cost nothing and get no gradient.
 *
 * @throws RangeError if `maxNorm` is not a positive number, or `strength` a negative one.
 * @throws TypeError if `options` is no object or has an unknown key, or `axis` holds anything but whole numbers.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {maxNormRegularizer} from '@gradwire/layers';
 *
 * const kernelRegularizer = maxNormRegularizer({maxNorm: 3, strength: 0.1});
 * tf.layers.dense({units: 8, kernelRegularizer});
 * kernelRegularizer.apply(tf.tensor2d([[3, 1], [4, 0]])).print(); // 0.1 · (5 − 3)² = 0.4
 * ```
 * @see Srebro, Shraibman (2005), "Rank, Trace-Norm and Max-Norm"; Srivastava et al. (2014), "Dropout", for the constraint.
 */
export function maxNormRegularizer(options: MaxNormRegularizerOptions): Regularizer {
  const known = {maxNorm: 3, strength: 0.01, axis: 0};
  const {maxNorm, strength = 0.01, axis} = requireOptions('maxNormRegularizer', options, known);
  requirePositive('maxNormRegularizer', {maxNorm});
  requireNonNegative('maxNormRegularizer', {strength});
  if (axis !== undefined && ![axis].flat().every(Number.isInteger)) {
    const got = typeof axis === 'number' ? String(axis) : describeValue(axis);
    throw new TypeError(`maxNormRegularizer: axis must be a whole number or a list of them, got ${got}.`);
  }
  tf.serialization.registerClass(MaxNormRegularizer);
  return new MaxNormRegularizer({maxNorm, strength, ...(axis === undefined ? {} : {axis})});
}

/**
 * tfjs does not export its class of regularizers: it takes anything that is no such class for the saved form of one, and makes
 * it anew. So this one is its own saved form too.
 */
export class MaxNormRegularizer extends tf.serialization.Serializable implements Regularizer {
  static className = 'gradwire>MaxNormRegularizer';
  readonly #settings: Required<Omit<MaxNormRegularizerOptions, 'axis'>> &
    Pick<MaxNormRegularizerOptions, 'axis'>;

  constructor({maxNorm, strength = 0.01, axis}: MaxNormRegularizerOptions) {
    super();
    this.#settings = {maxNorm, strength, ...(axis == null ? {} : {axis})};
  }

  get className(): string {
    return MaxNormRegularizer.className;
  }

  get config(): tf.serialization.ConfigDict {
    return this.getConfig();
  }

  apply(weights: tf.Tensor): tf.Scalar {
    const {maxNorm, strength, axis} = this.#settings;
    const axes = axis ?? Array.from({length: Math.max(0, weights.rank - 1)}, (_, i) => i);
    return tf.tidy(() => {
      const squares = tf.sum(tf.square(weights), axes as number | number[]);
      // max(‖w‖, maxNorm): the root is never taken of zero, where it has no gradient.
      const norms = tf.sqrt(tf.maximum(squares, maxNorm ** 2));
      return tf.mul(strength, tf.sum(tf.square(tf.sub(norms, maxNorm)))) as tf.Scalar;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {...this.#settings} as tf.serialization.ConfigDict;
  }
}
