import {isNative, runJointKernel} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {runNative} from './runNative.js';

/** A number so small has a square in float32, with many orders of magnitude below it that have, too. */
const SMALLEST = 1e-12;

/**
 * The L2 norms of the columns of all tensors, each taken as a matrix with so many, as one vector; undefined where the backend
 * has no quick way to them, or where that would be wrong.
 *
 * @param floor norms far below it may come out as any number below it.
 */
export function normsOfColumns(
  tensors: readonly tf.Tensor[],
  columns: readonly number[],
  floor: number,
): tf.Tensor1D | undefined {
  const joint = runJointKernel('NormOfUnits', tensors, {}, {units: [...columns]});
  if (joint !== undefined) return joint[0] as tf.Tensor1D;
  // Native TensorFlow squares in float32: entries below 1e-19 are lost, which takes less than 1e-19 · √rows from a norm.
  if (!isNative() || floor < SMALLEST || tensors.some(({dtype}) => dtype !== 'float32')) return undefined;
  const norms = new Float32Array(columns.reduce((sum, count) => sum + count, 0));
  tf.tidy(() => {
    const axis = tf.tensor1d([0], 'int32');
    let first = 0;
    tensors.forEach((tensor, i) => {
      const matrix = matrixOf(tensor, columns[i]!);
      norms.set(runNative('EuclideanNorm', [matrix], [axis]).dataSync(), first);
      first += columns[i]!;
    });
  });
  // Not so above 1e19, or with an entry that is not finite. Where there is one row, TensorFlow 1.15 gives that, signs and all.
  return norms.every(Number.isFinite) ? tf.tensor1d(norms.map(Math.abs)) : undefined;
}

/** Divides the columns of all tensors by the numbers, 1 or more, of a vector as {@link normsOfColumns} makes it. */
export function divideColumns(
  tensors: readonly tf.Tensor[],
  columns: readonly number[],
  divisors: tf.Tensor1D,
): readonly tf.Tensor[] {
  const joint = runJointKernel('DivideUnits', tensors, {divisors}, {units: [...columns]});
  if (joint !== undefined) return joint;
  const numbers = divisors.dataSync<'float32'>();
  let last = 0;
  return tensors.map((tensor, i) => {
    const own = numbers.subarray(last, (last += columns[i]!));
    if (own.every((divisor) => divisor === 1)) return tensor;
    return tf.tidy(() => {
      // Multiplied, which is quicker: norms below 1e19 over limits of 1e-12 and more have reciprocals far inside of float32.
      const factors = tf.tensor1d(own.map((divisor) => 1 / divisor));
      const divided = tf.mul(matrixOf(tensor, columns[i]!), factors);
      return divided.rank === tensor.rank ? divided : tf.reshape(divided, tensor.shape);
    });
  });
}

/** Itself where it has as many columns, or is a vector and one: natively, reshaping costs as much as computing a little. */
function matrixOf(tensor: tf.Tensor, columns: number): tf.Tensor {
  const {rank, shape, size} = tensor;
  const fits = rank === 2 ? shape[1] === columns : rank === 1 && columns === 1;
  return fits ? tensor : tf.reshape(tensor, [size / columns, columns]);
}
