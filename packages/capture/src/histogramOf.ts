import type {NamedTensors} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {autoBins, type Bins, evenBins, symlogBins} from './bins.js';

/** How far the bins of a histogram reach. */
export type HistogramRange = 'auto' | 'symlog' | readonly [lowest: number, highest: number];

/**
 * The histogram of one tensor: bins are half open, the last one is closed.
 *
 * Counted on the device, exactly up to 2²⁴ entries. Every entry is located by arithmetic and then compared with the edges of its
 * bin, as numpy does: rounding moves none to its neighbour's.
 *
 * @returns `counts` [bins], `edges` [bins + 1], and the scalars `nonFinite`, and for a range of numbers `under` and `over`.
 * @see `numpy.histogram`.
 */
export function histogramOf(tensor: tf.Tensor, bins: number, range: HistogramRange): NamedTensors {
  return tf.tidy(() => {
    // An empty tensor is one of NaN, but for their number.
    const entries = tensor.size === 0 ? tf.tensor1d([NaN]) : tf.reshape<tf.Rank.R1>(tensor, [tensor.size]);
    const isFinite = tf.isFinite(entries);
    const finite = tf.where(isFinite, entries, tf.zerosLike(entries));
    const {edges, locate} = binsOf(entries, isFinite, finite, bins, range);
    const [nonFinite, under, over] = [bins, bins + 1, bins + 2];
    // Scalars would be tiled, which is slow on wasm.
    const all = (place: number): tf.Tensor => tf.fill(entries.shape, place);
    let places = placesOf(finite, {edges, locate}, bins);
    if (typeof range !== 'string') {
      places = tf.where(tf.less(finite, tf.slice(edges, 0, 1)), all(under), places);
      places = tf.where(tf.greater(finite, tf.slice(edges, bins, 1)), all(over), places);
    }
    const counts = countEach(tf.where(isFinite, places, all(nonFinite)), bins + 3);
    const count = (place: number): tf.Tensor => tf.reshape(tf.slice(counts, place, 1), []);
    return {
      counts: tf.slice(counts, 0, bins),
      edges,
      nonFinite: tensor.size === 0 ? tf.scalar(0) : count(nonFinite),
      ...(typeof range === 'string' ? {} : {under: count(under), over: count(over)}),
    };
  });
}

function binsOf(
  entries: tf.Tensor1D,
  isFinite: tf.Tensor,
  finite: tf.Tensor1D,
  bins: number,
  range: HistogramRange,
): Bins {
  if (range === 'auto') return autoBins(entries, isFinite, bins);
  if (range === 'symlog') return symlogBins(finite, bins);
  return evenBins(tf.scalar(range[0]), tf.scalar(range[1]), bins);
}

/** The number of each entry's bin, as float32. */
function placesOf(entries: tf.Tensor1D, {edges, locate}: Bins, bins: number): tf.Tensor {
  const located = tf.clipByValue(tf.floor(locate(entries)), 0, bins - 1);
  const edgeAt = (places: tf.Tensor): tf.Tensor => tf.gather(edges, tf.cast(places, 'int32'));
  const isBefore = tf.less(entries, edgeAt(located));
  const isBehind = tf.greaterEqual(entries, edgeAt(tf.add(located, 1)));
  const moved = tf.add(tf.sub(located, tf.cast(isBefore, 'float32')), tf.cast(isBehind, 'float32'));
  return tf.clipByValue(moved, 0, bins - 1);
}

/**
 * How often each whole number below `size` occurs. `tf.bincount` would read its input back on WebGL.
 *
 * A number is written with two digits; the product of their one-hot matrices counts the pairs. That takes some memory for every
 * entry and digit, where one-hot vectors of the number itself would for every bin.
 */
function countEach(places: tf.Tensor, size: number): tf.Tensor1D {
  const base = Math.ceil(Math.sqrt(size));
  // Half a step up: a division may be rounded down.
  const high = tf.floor(tf.div(tf.add(places, 0.5), base));
  const low = tf.sub(places, tf.mul(high, base));
  const [highs, lows] = [high, low].map((digit) =>
    tf.cast(tf.oneHot(tf.cast(digit, 'int32'), base), 'float32'),
  ) as [tf.Tensor2D, tf.Tensor2D];
  return tf.slice(tf.reshape(tf.matMul(highs, lows, true), [base * base]), 0, size) as tf.Tensor1D;
}
