import type {LabelledImages} from '@gradwire/datasets/node';
import {localShuffle} from '../annealedNoise/localShuffle.js';

/** The share of the images that is kept for validation. */
const HELD_BACK = 0.1;

/** Images to learn from, and others to validate with. */
export interface SplitImages {
  readonly training: LabelledImages;
  readonly validation: LabelledImages;
}

/** Nine tenths and one tenth of the images, at random; the same for the same seed. */
export function splitImages(images: LabelledImages, seed: number): SplitImages {
  const order = localShuffle(images.count, images.count, seed);
  const end = images.count - Math.round(images.count * HELD_BACK);
  return {
    training: pick(images, order.subarray(0, end)),
    validation: pick(images, order.subarray(end)),
  };
}

function pick({count, images, labels}: LabelledImages, rows: Int32Array): LabelledImages {
  const size = images.length / count;
  const picked = new Uint8Array(rows.length * size);
  rows.forEach((row, i) => picked.set(images.subarray(row * size, (row + 1) * size), i * size));
  return {count: rows.length, images: picked, labels: Uint8Array.from(rows, (row) => labels[row]!)};
}
