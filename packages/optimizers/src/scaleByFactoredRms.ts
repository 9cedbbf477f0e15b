import {type GradientTransform, requireOptions, requirePositive} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {perParameter, type Slots} from './perParameter.js';
import {requireDecayRate} from './requireDecayRate.js';

/** The options of {@link scaleByFactoredRms}. */
export interface ScaleByFactoredRmsOptions {
  /** Exponent of the step by which the share of new squares shrinks; < 0, default -0.8. */
  readonly decayRate?: number;
  /** Added to the squares; > 0, in units of the gradient squared, default 1e-30. */
  readonly epsilon?: number;
}

/** Means of squares. */
type FactoredSlot = Readonly<{
  /** Shape [..., rows, 1], of a parameter with two axes or more. */
  rows?: tf.Tensor;
  /** Shape [..., 1, columns], of such a parameter. */
  columns?: tf.Tensor;
  /** The shape of the parameter, of any other. */
  entries?: tf.Tensor;
  steps: number;
}>;

/** Bound of the entries that squares are made of, so that they and their sums stay finite. */
const SQUARABLE = 1e15;

/**
 * Divides by the root of the mean of squares, of which a matrix has one number per row and one per column only.
 *
 *     s = t^decayRate,   q = g² + epsilon
 *     r ← (1 − s) · r + s · mean(q over columns),   c ← (1 − s) · c + s · mean(q over rows)
 *     g ← g / √(r cᵀ / mean(r))
 *
 * Rows and columns are the last two axes, which are inputs and outputs of dense and convolutional kernels; before them, every
 * index has a matrix of its own. Vectors and scalars have a mean for every entry: v ← (1 − s) · v + s · q, g ← g / √v. t counts the
 * parameter's own steps: one without a gradient is none.
 *
 * Per step 19 kernels per matrix, most of them on rows or columns, and 8 per vector.
 *
 * @throws RangeError if `decayRate` is not a negative number, or `epsilon` not a positive one.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {scaleByFactoredRms} from '@gradwire/optimizers';
 *
 * const w = tf.variable(tf.tensor2d([[1, -2], [3, -6]]), true, 'scaleByFactoredRmsExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), scaleByFactoredRms());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // squares of rank 1: the factors are exact
 * w.print(); // [[0.9, -1.9], [2.9, -5.9]]
 * ```
 * @see Shazeer, Stern (2018), "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", arXiv:1804.04235, algorithm 4.
 */
export function scaleByFactoredRms(
  options: ScaleByFactoredRmsOptions = {},
): GradientTransform<Slots<FactoredSlot>> {
  const known = {decayRate: -0.8, epsilon: 1e-30};
  const {decayRate = -0.8, epsilon = 1e-30} = requireOptions('scaleByFactoredRms', options, known);
  requireDecayRate('scaleByFactoredRms', {decayRate});
  requirePositive('scaleByFactoredRms', {epsilon});
  return perParameter<FactoredSlot>(
    'scaleByFactoredRms',
    {decayRate, epsilon},
    (param) => ({...zerosFor(param.shape), steps: 0}),
    (grad, {rows, columns, entries, steps: before}, constant) => {
      const steps = before + 1;
      const share = steps ** decayRate;
      const squares = tf.square(tf.clipByValue(grad, -SQUARABLE, SQUARABLE));
      const average = (old: tf.Tensor, squared: tf.Tensor): tf.Tensor => {
        const kept = tf.mul(constant(1 - share), old);
        return tf.add(kept, tf.mul(constant(share), tf.add(squared, constant(epsilon))));
      };
      if (rows === undefined || columns === undefined) {
        const next = average(entries!, squares);
        return [tf.div(grad, tf.sqrt(next)), {entries: next, steps}];
      }
      const nextRows = average(rows, tf.mean(squares, -1, true));
      const nextColumns = average(columns, tf.mean(squares, -2, true));
      // One root each: the product of rows and columns, or a quotient of rows, may be too small for float32.
      const byRow = tf.mul(tf.sqrt(tf.mean(nextRows, -2, true)), tf.rsqrt(nextRows));
      const scaled = tf.mul(tf.mul(grad, byRow), tf.rsqrt(nextColumns));
      return [scaled, {rows: nextRows, columns: nextColumns, steps}];
    },
  );
}

function zerosFor(shape: readonly number[]): Pick<FactoredSlot, 'rows' | 'columns' | 'entries'> {
  if (shape.length < 2) return {entries: tf.zeros([...shape])};
  const matrices = shape.slice(0, -2);
  const [rows, columns] = shape.slice(-2) as [number, number];
  return {rows: tf.zeros([...matrices, rows, 1]), columns: tf.zeros([...matrices, 1, columns])};
}
