import * as tf from '@tensorflow/tfjs-core';
import {isNative} from './isNative.js';
import type {NamedTensors} from './namedTensors.js';
import {normOfEach} from './normOfEach.js';
import {requirePositive} from './require.js';
import {runJointKernel} from './runJointKernel.js';
import {statisticsRow} from './statisticsRow.js';

/** Options of {@link statisticsOfEach}. */
export interface StatisticsOptions {
  /** Count entries whose size is less than this as well; > 0, in units of the tensors, as a float32. Default: do not. */
  readonly below?: number;
}

/** The columns of {@link statisticsOfEach}; the last only where a threshold is given. */
const STATISTICS = ['mean', 'std', 'meanAbs', 'norm', 'maxAbs', 'min', 'max', 'zeros', 'below'] as const;

/** What {@link statisticsOfEach} returns. */
export interface Statistics {
  /** Names of the columns. */
  readonly quantities: readonly string[];
  /** float32, shape [tensors, quantities]. */
  readonly values: tf.Tensor2D;
}

/**
 * Statistics of every tensor, as one table: one call for all parameters of a network.
 *
 *     mean = Σt/n,  std = √(Σ(t − mean)²/n),  meanAbs = Σ|t|/n,  norm = √Σt²,  maxAbs = max|t|,
 *     min, max,  zeros = #{t = 0}/n,  below = #{|t| < below}/n
 *
 * Norms and deviations are right from 1e-38 to 1e38, and deviations also beside a mean that is a million times as large. An entry
 * that is NaN makes all of them NaN but zeros and below, which count the others; an infinite one makes std NaN. All are 0 for an
 * empty tensor.
 *
 * @param tensors n tensors of any shapes.
 * @returns the names of the columns and their values, rows in the order of the record's keys.
 * @throws RangeError if `below` is not a positive number.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {statisticsOfEach} from '@gradwire/core';
 *
 * const {quantities, values} = statisticsOfEach({a: tf.tensor1d([3, -4]), b: tf.zeros([2])});
 * console.log(quantities.slice(0, 4)); // ['mean', 'std', 'meanAbs', 'norm']
 * tf.reshape(tf.slice(values, [0, 0], [1, 4]), [4]).print(); // [-0.5, 3.5, 3.5, 5]
 * ```
 */
export function statisticsOfEach(tensors: NamedTensors, {below}: StatisticsOptions = {}): Statistics {
  if (below !== undefined) requirePositive('statisticsOfEach', {below});
  const quantities = below === undefined ? STATISTICS.slice(0, -1) : STATISTICS;
  const list = Object.values(tensors);
  if (list.length === 0) return {quantities, values: tf.zeros([0, quantities.length])};
  return {quantities, values: tf.tidy(() => tableOf(list.map(asFloats), below)) as tf.Tensor2D};
}

function asFloats(tensor: tf.Tensor): tf.Tensor {
  return tensor.dtype === 'float32' ? tensor : tf.cast(tensor, 'float32');
}

function tableOf(list: readonly tf.Tensor[], below: number | undefined): tf.Tensor {
  const limit = below === undefined ? undefined : Math.fround(below);
  const joint = runJointKernel('StatisticsOfEach', list, {}, limit === undefined ? {} : {below: limit});
  if (joint !== undefined) return joint[0]!;
  return isNative() ? read(list, limit) : composed(list, limit);
}

/**
 * Native TensorFlow gives its values to JavaScript for the price of a copy, and synchronously in any case; the hundred operations
 * that would measure them there take longer than one pass here.
 */
function read(list: readonly tf.Tensor[], below: number | undefined): tf.Tensor {
  return tf.tensor2d(list.map((tensor) => statisticsRow(tensor.dataSync<'float32'>(), below)));
}

function composed(list: readonly tf.Tensor[], below: number | undefined): tf.Tensor {
  const means = list.map(meanOf);
  const centred = list.map((tensor, i) => {
    const around = tf.sub(tensor, means[i]!);
    // Of a mean as large as that, what was rounded off is still in there.
    return tf.sub(around, meanOf(around));
  });
  const norms = normOfEach(Object.fromEntries([...list, ...centred].entries()));
  const roots = tf.tensor1d(list.map(({size}) => Math.sqrt(Math.max(1, size))));
  const sizes = list.map((tensor) => tf.abs(tensor));
  const meanAbs = tf.stack(sizes.map(meanOf));
  const maxAbs = tf.stack(sizes.map((size) => orZero(size, tf.max)));
  const std = tf.div(tf.slice(norms, list.length), roots);
  const columns = [
    tf.stack(means),
    tf.where(tf.isFinite(maxAbs), std, tf.fill(std.shape, NaN)),
    meanAbs,
    tf.slice(norms, 0, list.length),
    maxAbs,
    tf.stack(list.map((tensor) => orZero(tensor, tf.min))),
    tf.stack(list.map((tensor) => orZero(tensor, tf.max))),
  ];
  // What the largest is beside NaN, is different everywhere.
  const nan = tf.where(tf.isNaN(meanAbs), meanAbs, tf.zerosLike(meanAbs));
  const shares = [tf.stack(sizes.map((size) => shareOf(tf.equal(size, 0))))];
  if (below !== undefined) shares.push(tf.stack(sizes.map((size) => shareOf(tf.less(size, below)))));
  return tf.stack([...columns.map((column) => tf.add(column, nan)), ...shares], 1);
}

/** Entries are divided by the largest first: the sum of 1e38 and 3e38 is no float32. */
function meanOf(tensor: tf.Tensor): tf.Tensor {
  return orZero(tensor, (of) => {
    const largest = tf.max(tf.abs(of));
    const divisible = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest));
    const unit = tf.where(divisible, largest, tf.onesLike(largest));
    return tf.mul(unit, tf.div(sumOf(tf.div(of, unit)), of.size));
  });
}

/** Over one axis first, where there are two: sums of fewer terms are more exact. */
function sumOf(tensor: tf.Tensor): tf.Tensor {
  return tf.sum(tensor.rank > 1 ? tf.sum(tensor, 0) : tensor);
}

/** Over all axes at once: over the first of four, WebGPU cannot sum what was cast from bool. */
function shareOf(condition: tf.Tensor): tf.Tensor {
  return orZero(tf.cast(condition, 'float32'), (of) => tf.div(tf.sum(of), of.size));
}

function orZero(tensor: tf.Tensor, of: (tensor: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tensor.size === 0 ? tf.scalar(0) : of(tensor);
}
