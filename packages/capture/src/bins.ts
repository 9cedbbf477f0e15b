import * as tf from '@tensorflow/tfjs-core';

/** How the entries of one tensor are sorted into bins. */
export interface Bins {
  /** Shape [bins + 1], ascending. */
  readonly edges: tf.Tensor1D;
  /** Where on the way from the first bin to the last, 0 to their number, each entry is: right to less than one bin. */
  locate(entries: tf.Tensor1D): tf.Tensor1D;
}

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;

/** The least width of a bin, so that float32 can tell its edges apart: as a share of the largest edge, and as such. */
const RESOLUTION = {relative: 2 ** -21, absolute: 1e-37};

/** Whether bins of equal width between two numbers are wide enough for float32. */
export function isResolved(lowest: number, highest: number, bins: number): boolean {
  const largest = Math.max(Math.abs(lowest), Math.abs(highest));
  return highest - lowest >= bins * Math.max(largest * RESOLUTION.relative, RESOLUTION.absolute);
}

/** Bins of equal width between two scalars. */
export function evenBins(lowest: tf.Tensor, highest: tf.Tensor, bins: number): Bins {
  // By halves, for the distance of two float32 may be none.
  const half = tf.sub(tf.mul(highest, 0.5), tf.mul(lowest, 0.5));
  const parts = tf.mul(half, tf.tensor1d(Array.from({length: bins}, (_, i) => i / bins)));
  const starts = tf.minimum(tf.add(tf.add(lowest, parts), parts), highest);
  return {
    edges: tf.concat1d([starts as tf.Tensor1D, tf.reshape(highest, [1])]),
    locate: (entries) => {
      const distance = tf.sub(tf.mul(entries, 0.5), tf.mul(lowest, 0.5));
      return tf.mul(tf.div(distance, half), bins) as tf.Tensor1D;
    },
  };
}

/**
 * Bins of equal width from the smallest to the largest of all entries. Where these are equal, they reach 0.5 to either side, as
 * those of `numpy.histogram`; where float32 has too few numbers between them, just as far as it takes.
 */
export function autoBins(entries: tf.Tensor1D, isFinite: tf.Tensor, bins: number): Bins {
  const least = tf.min(tf.where(isFinite, entries, tf.fill(entries.shape, LARGEST)));
  const most = tf.max(tf.where(isFinite, entries, tf.fill(entries.shape, -LARGEST)));
  const isNone = tf.greater(least, most);
  const [low, high] = [least, most].map((end) => tf.where(isNone, 0, end)) as [tf.Tensor, tf.Tensor];
  const half = tf.sub(tf.mul(high, 0.5), tf.mul(low, 0.5));
  const largest = tf.maximum(tf.abs(low), tf.abs(high));
  const needed = tf.maximum(
    tf.mul(largest, (bins / 2) * RESOLUTION.relative),
    tf.where(tf.equal(low, high), 0.5, (bins / 2) * RESOLUTION.absolute),
  );
  const isWide = tf.greaterEqual(half, needed);
  const middle = tf.add(tf.mul(low, 0.5), tf.mul(high, 0.5));
  const within = (end: tf.Tensor): tf.Tensor => tf.clipByValue(end, -LARGEST, LARGEST);
  return evenBins(
    tf.where(isWide, low, within(tf.sub(middle, needed))),
    tf.where(isWide, high, within(tf.add(middle, needed))),
    bins,
  );
}

/** What `symlog` takes for linear, as a share of the largest size. */
const LINEAR = 1e-6;

/** Below this the smallest bins would leave the range of float32. */
const SMALLEST_SCALE = 1e-28;

/**
 * Bins of equal width of sign(x) · log₁₀(1 + |x| / c), c = 1e-6 · max|x|, symmetric around 0: some decades of either sign.
 * Since c follows the entries, all tensors have the same edges but for the factor max|x|, at least 1e-28.
 */
export function symlogBins(finite: tf.Tensor1D, bins: number): Bins {
  const scale = tf.maximum(tf.max(tf.abs(finite)), SMALLEST_SCALE);
  const reach = Math.log1p(1 / LINEAR);
  const edges = Array.from({length: bins + 1}, (_, i) => {
    const at = (2 * i) / bins - 1;
    return Math.sign(at) * Math.min(1, LINEAR * Math.expm1(Math.abs(at) * reach));
  });
  return {
    edges: tf.mul(scale, tf.tensor1d([-1, ...edges.slice(1, -1), 1])) as tf.Tensor1D,
    locate: (entries) => {
      const unit = tf.div(entries, scale);
      const size = tf.div(tf.log1p(tf.div(tf.abs(unit), LINEAR)), reach);
      return tf.mul(tf.add(tf.mul(tf.sign(unit), size), 1), bins / 2) as tf.Tensor1D;
    },
  };
}
