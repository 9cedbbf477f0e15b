import {assembleImageSet, type ImageSet, type ImageSetFiles} from './assembleImageSet.js';
import {requireOption, rules} from './requireOption.js';
import {requireOptions} from './requireOptions.js';

/** The options of {@link imageSet}. */
export interface ImageSetOptions {
  /** Number of classes; a whole number in [1, 256]. Default 10. */
  readonly classes?: number;
}

/**
 * Makes an image set of the four IDX files in which MNIST and its like are published.
 *
 * Checks that counts and sizes fit and that every label is a class. Pixels stay bytes from 0 to 255, views of the files.
 *
 * @param files the whole files, decompressed.
 * @throws RangeError if `classes` is not an integer in [1, 256].
 * @throws TypeError if `options` is no object or has an unknown key, or a file is no `Uint8Array`.
 * @throws Error that says which file is wrong, and what is wrong with it.
 * @example
 * ```ts
 * import {imageSet} from '@gradwire/datasets';
 *
 * const images = Uint8Array.of(0, 0, 0x08, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 255, 255, 0);
 * const labels = Uint8Array.of(0, 0, 0x08, 1, 0, 0, 0, 1, 7);
 * const digits = imageSet({trainImages: images, trainLabels: labels, testImages: images, testLabels: labels});
 * console.log(digits.rows, digits.columns, digits.train.count); // 2 2 1
 * console.log([...digits.train.images], [...digits.train.labels]); // [0, 255, 255, 0] [7]
 * ```
 */
export function imageSet(files: ImageSetFiles, options: ImageSetOptions = {}): ImageSet {
  const {classes} = requireOptions('imageSet', options, {classes: 10});
  requireOption('imageSet', {classes}, rules.classes);
  const named = (file: keyof ImageSetFiles) => ({name: `imageSet: ${file}`, bytes: files[file]});
  return assembleImageSet(
    {
      trainImages: named('trainImages'),
      trainLabels: named('trainLabels'),
      testImages: named('testImages'),
      testLabels: named('testLabels'),
    },
    classes,
  );
}
