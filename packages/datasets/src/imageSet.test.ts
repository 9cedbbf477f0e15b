import {describe, expect, it} from 'vitest';
import {idx} from '../fixtures/idx.js';
import {tinyImageSet} from '../fixtures/tinyImageSet.js';
import type {ImageSetFiles} from './assembleImageSet.js';
import {imageSet, type ImageSetOptions} from './imageSet.js';

describe('imageSet', () => {
  it('puts images and labels together', () => {
    const {train, test, ...sizes} = imageSet(tinyImageSet);
    expect(sizes).toEqual({rows: 2, columns: 3, classes: 10});
    expect([train.count, [...train.labels], train.images[17]]).toEqual([3, [5, 0, 9], 17]);
    expect([test.count, [...test.labels], test.images[0]]).toEqual([1, [7], 250]);
  });

  it('takes as many classes as there are', () => {
    const files = {...tinyImageSet, testLabels: idx([1], [46])};
    expect(imageSet(files, {classes: 47})).toMatchObject({classes: 47, test: {labels: Uint8Array.of(46)}});
  });

  it.each<[string, Partial<ImageSetFiles>, string]>([
    [
      'labels for images',
      {trainImages: tinyImageSet.trainLabels},
      'imageSet: trainImages: images have the shape [count, rows, columns], got [3].',
    ],
    [
      'a file without images',
      {testImages: idx([0, 2, 3], [])},
      'imageSet: testImages: images have the shape [count, rows, columns], got [0, 2, 3].',
    ],
    [
      'labels of other images',
      {trainLabels: tinyImageSet.testLabels},
      'imageSet: trainLabels: the labels of 3 images have the shape [3], got [1].',
    ],
    [
      'images for labels',
      {testLabels: tinyImageSet.testImages},
      'imageSet: testLabels: the labels of 1 images have the shape [1], got [1, 2, 3].',
    ],
    [
      'a label that is no class',
      {trainLabels: idx([3], [0, 10, 0])},
      'imageSet: trainLabels: a label must be less than 10, the number of classes; the one at 1 is 10.',
    ],
    [
      'test images of another size',
      {testImages: idx([1, 3, 2], new Uint8Array(6))},
      'imageSet: testImages: test images must be as large as the training images, 2 x 3, got 3 x 2.',
    ],
    [
      'a file that is cut off',
      {testImages: tinyImageSet.testImages.subarray(0, -1)},
      'imageSet: testImages: an array',
    ],
  ])('refuses %s, by name', (_what, wrong, message) => {
    expect(() => imageSet({...tinyImageSet, ...wrong})).toThrow(message);
  });

  it.each([0, 257, 1.5])('refuses %d classes', (classes) => {
    expect(() => imageSet(tinyImageSet, {classes})).toThrow(
      new RangeError(`imageSet: classes must be a whole number in [1, 256], got ${classes}.`),
    );
  });

  it('refuses an option that there is not', () => {
    expect(() => imageSet(tinyImageSet, {labels: 3} as ImageSetOptions)).toThrow(
      new TypeError("imageSet: there is no option 'labels'. Options: classes."),
    );
  });
});
