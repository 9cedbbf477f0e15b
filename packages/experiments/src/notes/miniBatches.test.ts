import type {LabelledImages} from '@gradwire/datasets/node';
import {describe, expect, it} from 'vitest';
import {miniBatches} from './miniBatches.js';

/** Images of two pixels that tell which image they are. */
function numbered(count: number): LabelledImages {
  return {
    count,
    images: Uint8Array.from({length: 2 * count}, (_, i) => (i % 2 === 0 ? i / 2 : 255 - (i - 1) / 2)),
    labels: Uint8Array.from({length: count}, (_, i) => i % 10),
  };
}

const options = {batchSize: 3, perEpoch: 2, seed: 5};

/** The images of the first batches, told by their first pixel. */
function drawn(count: number, batches: number, over: Partial<typeof options> = {}): number[] {
  const all = {...options, ...over};
  const next = miniBatches(numbered(count), all);
  return Array.from({length: batches}, (_, i) =>
    next(Math.floor(i / all.perEpoch), i % all.perEpoch),
  ).flatMap(({images}) => [...images].filter((_, i) => i % 2 === 0));
}

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const range = (count: number): number[] => Array.from({length: count}, (_, i) => i);

describe('miniBatches', () => {
  it('uses every image once before any comes again', () => {
    const images = drawn(12, 8);
    expect(sorted(images.slice(0, 12))).toEqual(range(12));
    expect(sorted(images.slice(12, 24))).toEqual(range(12));
  });

  it('goes through the images of MNIST in 550 batches, whatever an epoch is', () => {
    const next = miniBatches(
      {count: 55_000, images: new Uint8Array(55_000), labels: Uint8Array.from(range(55_000), (i) => i % 256)},
      {batchSize: 100, perEpoch: 100, seed: 1},
    );
    const counts = new Uint32Array(256);
    for (let i = 0; i < 550; i++) {
      for (const label of next(Math.floor(i / 100), i % 100).labels) counts[label]!++;
    }
    expect([...counts]).toEqual(range(256).map((i) => Math.ceil((55_000 - i) / 256)));
  });

  it('shuffles anew when all have been used', () => {
    const images = drawn(12, 8);
    expect(images.slice(0, 12)).not.toEqual(range(12));
    expect(images.slice(12)).not.toEqual(images.slice(0, 12));
  });

  it('fills a batch with the first images of the next pass where the last ones do not suffice', () => {
    const images = drawn(10, 20);
    for (let pass = 0; pass < 6; pass++) {
      expect(sorted(images.slice(10 * pass, 10 * pass + 10))).toEqual(range(10));
    }
  });

  it('is a function of the epoch and the batch: the order of asking does not matter', () => {
    const forwards = miniBatches(numbered(10), options);
    const backwards = miniBatches(numbered(10), options);
    const places = range(12).map((i) => [Math.floor(i / 2), i % 2] as const);
    const first = places.map(([epoch, batch]) => forwards(epoch, batch));
    const again = places.toReversed().map(([epoch, batch]) => backwards(epoch, batch));
    expect(again.toReversed()).toEqual(first);
  });

  it('gives another order for another seed', () => {
    expect(drawn(12, 4, {seed: 6})).not.toEqual(drawn(12, 4));
  });

  it('keeps pixels and labels together', () => {
    const {images, labels} = miniBatches(numbered(12), options)(0, 1);
    expect([...labels]).toEqual([0, 1, 2].map((i) => images[2 * i]! % 10));
    expect([0, 1, 2].map((i) => images[2 * i]! + images[2 * i + 1]!)).toEqual([255, 255, 255]);
  });
});
