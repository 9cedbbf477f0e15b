import {describe, expect, it} from 'vitest';
import {splitImages} from './splitImages.js';

describe('splitImages', () => {
  const images = {
    count: 50,
    images: Uint8Array.from({length: 100}, (_, k) => Math.floor(k / 2)),
    labels: Uint8Array.from({length: 50}, (_, i) => 100 + i),
  };

  it('holds back a tenth', () => {
    const {training, validation} = splitImages(images, 1);
    expect([training.count, validation.count]).toEqual([45, 5]);
  });

  it('has every image once, with its label', () => {
    const {training, validation} = splitImages(images, 1);
    const pixels = [training, validation].flatMap((part) => [...part.images]);
    const labels = [training, validation].flatMap((part) => [...part.labels]);
    expect(labels.flatMap((label) => [label - 100, label - 100])).toEqual(pixels);
    expect(labels.toSorted((a, b) => a - b)).toEqual([...images.labels]);
  });

  it('is a function of the seed', () => {
    expect(splitImages(images, 1)).toEqual(splitImages(images, 1));
    expect(splitImages(images, 1).validation.labels).not.toEqual(splitImages(images, 2).validation.labels);
  });
});
