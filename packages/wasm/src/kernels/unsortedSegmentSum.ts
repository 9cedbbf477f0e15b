import {UnsortedSegmentSum, type UnsortedSegmentSumAttrs, util} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';

/**
 * Sums the rows of each segment: the gradient of `gather`, and so of an embedding.
 *
 *     y[s, …] = Σᵢ x[i, …], over the i with segmentIds[i] = s
 *
 * `x` [n, …] and `segmentIds` [n] give [numSegments, …]. Rows with an id out of range count nowhere, segments without
 * rows are zero. One pass over `x`, where the cpu backend makes one for each segment.
 */
export const unsortedSegmentSum = composed<'x' | 'segmentIds', UnsortedSegmentSumAttrs>(
  UnsortedSegmentSum,
  ({inputs: {x, segmentIds}, attrs: {numSegments}, backend}) => {
    const rowShape = x.shape.slice(segmentIds.shape.length);
    const y = backend.makeOutput([numSegments, ...rowShape], x.dtype === 'bool' ? 'int32' : x.dtype);
    const [rows, ids, sums] = [x, segmentIds, y].map((tensor) => backend.typedArrayFromHeap(tensor));
    const width = util.sizeFromShape(rowShape);
    sums!.fill(0);
    for (let i = 0; i < ids!.length; i++) {
      const id = ids![i]!;
      if (id < 0 || id >= numSegments) continue;
      const from = i * width;
      const to = id * width;
      for (let k = 0; k < width; k++) sums![to + k]! += rows![from + k]!;
    }
    return y;
  },
);
