import * as tf from '@tensorflow/tfjs-core';
import {equalRows, type RowBlock} from './equalRows.js';
import {nativeOperation as run, reduceRows} from './nativeOperation.js';

/** So many terms a sum has before it is added to others: float32 is exact to 1e-7 for each. */
const TERMS = 32;

/**
 * The table of `statisticsOfEach`, by operations of TensorFlow, which take 10 µs each: a few measure equal rows of all tensors,
 * and a few more put the rows together. Nothing is read meanwhile.
 *
 * There is no float64 here. Entries are counted in units, powers of two as large as they are, which keeps squares in range.
 * Deviations are taken from the mean of a row; that is rounded, so their own mean is taken off as well. To TensorFlow, numbers
 * below 1.2e-38 are 0, except where zeros are counted; `meanAbs` is infinite where it is above 1e34.
 */
export function nativeStatistics(tensors: readonly tf.Tensor[], below: number | undefined): tf.Tensor {
  return tf.tidy(() => {
    const blocks = equalRows(tensors.map((tensor) => (tensor.size === 0 ? tf.zeros([1]) : tensor)));
    const rows = {
      ids: blocks.flatMap((block) => block.tensors),
      widths: blocks.flatMap(({width, tensors: {length}}) => Array.from({length}, () => width)),
    };
    const perTensor = combiner(rows.ids, tensors.length);
    const sizes = column(tensors.map(({size}) => size));
    const counts = column(tensors.map(({size}) => Math.max(1, size)));

    const most = perTensor('Max', join(blocks.map(({values}) => reduceRows('Max', values))));
    const least = perTensor('Min', join(blocks.map(({values}) => reduceRows('Min', values))));
    const maxAbs = tf.maximum(tf.abs(most), tf.abs(least));
    const units = powersOfTwo(maxAbs);
    const inverse = run('Reciprocal', [units]);

    const measured = blocks.map((block) => [...centre(block, inverse), ...countSizes(block, below)]);
    const [sums, means, norms, rests, ...others] = measured[0]!.map((_, i) =>
      join(measured.map((of) => of[i]!)),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
    const summed = perTensor('Sum', tf.concat([sums, ...others], 1));
    const [sum, sumOfSizes, ...large] = tf.split(summed, 1 + others.length, 1);
    const mean = run('RealDiv', [sum!, counts]);
    const meanAbs = run('RealDiv', [sumOfSizes!, counts]);
    const shares = large.map((count) => run('RealDiv', [run('Sub', [sizes, count]), counts]));

    const variance = varianceOf({...rows, means, norms, rests}, mean, counts, perTensor);
    const meanSquare = run('AddV2', [variance, run('Square', [mean])]);
    const roots = run('Sqrt', [tf.concat([variance, run('Mul', [meanSquare, counts])], 1)]);
    const [std, norm] = tf.split(run('Mul', [roots, units]), 2, 1);
    // The variance beside an infinity is NaN.
    const anyNorm = tf.where(tf.equal(maxAbs, Infinity), maxAbs, norm!);

    const columns = [run('Mul', [mean, units]), std!, meanAbs, anyNorm, maxAbs, least, most];
    const nan = tf.where(tf.isNaN(meanAbs), meanAbs, tf.zerosLike(meanAbs));
    return tf.concat([run('AddV2', [tf.concat(columns, 1), nan]), ...shares], 1);
  });
}

type Combine = (how: 'Sum' | 'Max' | 'Min', rows: tf.Tensor) => tf.Tensor;

/** Rows of all tensors, and what {@link centre} has found. */
interface Rows {
  readonly ids: number[];
  readonly widths: number[];
  readonly means: tf.Tensor;
  readonly norms: tf.Tensor;
  readonly rests: tf.Tensor;
}

/** Σ d² within the rows, and that of the rows themselves, both around rounded means: what these are off is taken off again. */
function varianceOf(
  {ids, widths, means, norms, rests}: Rows,
  mean: tf.Tensor,
  counts: tf.Tensor,
  perTensor: Combine,
): tf.Tensor {
  const weights = column(widths);
  const rest = run('RealDiv', [rests, weights]);
  const within = run('Sub', [run('Square', [norms]), run('Mul', [rests, rest])]);
  const away = run('AddV2', [run('Sub', [means, tf.gather(mean, tf.tensor1d(ids, 'int32'))]), rest]);
  const weighted = run('Mul', [weights, away]);
  const squares = run('AddV2', [within, run('Mul', [weighted, away])]);
  const summed = perTensor('Sum', tf.concat([squares, weighted], 1));
  const [meanSquare, shift] = tf.split(run('RealDiv', [summed, counts]), 2, 1);
  // Rounding may take it a little below zero.
  return run('Abs', [run('Sub', [meanSquare!, run('Square', [shift!])])]);
}

/** Puts rows together that belong to the same tensor: [rows, n] to [tensors, n]. */
function combiner(ids: readonly number[], count: number): Combine {
  const groups: number[] = [];
  const groupOf = ids.map((id, row) => {
    if (groups.at(-1) !== id || row % TERMS === 0) groups.push(id);
    return groups.length - 1;
  });
  const [toGroup, toTensor] = [tf.tensor1d(groupOf, 'int32'), tf.tensor1d(groups, 'int32')];
  const [groupCount, tensorCount] = [tf.scalar(groups.length, 'int32'), tf.scalar(count, 'int32')];
  const types = {Tindices: 'int32', Tnumsegments: 'int32'} as const;
  return (how, rows) => {
    const ofGroups = run(`UnsortedSegment${how}`, [rows, toGroup, groupCount], types);
    return run(`UnsortedSegment${how}`, [ofGroups, toTensor, tensorCount], types);
  };
}

/** Of each size the power of two in it; 1 for 0, infinity and NaN. Nothing is rounded that is divided by one. */
function powersOfTwo(sizes: tf.Tensor): tf.Tensor {
  const exponent = tf.scalar(0x7f800000, 'int32');
  const bits = run('BitwiseAnd', [run('Bitcast', [sizes], {type: 'int32'}), exponent]);
  const powers = run('Bitcast', [bits], {type: 'float32'});
  const usable = tf.logicalAnd(tf.greater(powers, 0), tf.less(powers, Infinity));
  // Of 2¹²⁷ the inverse were 0 to TensorFlow.
  return tf.where(usable, tf.minimum(powers, 2 ** 126), tf.onesLike(powers));
}

/** Of every row, in units: its sum and its mean; the norm and the sum of the deviations from that. */
function centre({width, values, tensors}: RowBlock, inverse: tf.Tensor): tf.Tensor[] {
  return tf.tidy(() => {
    const scaled = run('Mul', [values, tf.gather(inverse, tf.tensor1d([...tensors], 'int32'))]);
    const sums = reduceRows('Sum', scaled);
    const means = run('RealDiv', [sums, tf.scalar(width)]);
    const deviations = run('Sub', [scaled, means]);
    return [sums, means, reduceRows('EuclideanNorm', deviations), reduceRows('Sum', deviations)];
  });
}

/** Of every row: the sum of sizes, and how many are not 0, and not below the threshold. */
function countSizes({values}: RowBlock, below: number | undefined): tf.Tensor[] {
  return tf.tidy(() => {
    const sizes = run('Abs', [values]);
    // As integers they have the same order, and NaN is the largest; comparing them as numbers takes five times as long.
    const bits = run('Bitcast', [sizes], {type: 'int32'});
    const one = tf.scalar(1, 'int32');
    const count = (over: tf.Tensor): tf.Tensor =>
      tf.cast(reduceRows('Sum', run('Minimum', [over, one])), 'float32');
    const large = [count(bits)];
    if (below !== undefined) {
      const [least] = new Int32Array(Float32Array.of(below).buffer);
      large.push(count(run('Relu', [run('Sub', [bits, tf.scalar(least! - 1, 'int32')])])));
    }
    return [reduceRows('Sum', sizes), ...large];
  });
}

function join(tensors: tf.Tensor[]): tf.Tensor {
  return tensors.length === 1 ? tensors[0]! : tf.concat(tensors);
}

function column(values: number[]): tf.Tensor {
  return tf.tensor2d(values, [values.length, 1]);
}
