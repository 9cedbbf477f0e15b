import {type LabelledImages, labelledImages, type NamedBytes} from './labelledImages.js';

/** An image set in the layout of MNIST. */
export interface ImageSet {
  /** Height of an image in pixels. */
  readonly rows: number;
  /** Width of an image in pixels. */
  readonly columns: number;
  /** Number of classes; labels are from 0 to `classes − 1`. */
  readonly classes: number;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** The four files of an image set in the layout of MNIST. */
export interface ImageSetFiles<Content = Uint8Array> {
  /** Training images; an IDX array of shape [count, rows, columns]. */
  readonly trainImages: Content;
  /** Labels of the training images; an IDX array of shape [count]. */
  readonly trainLabels: Content;
  /** Test images; as large as the training images. */
  readonly testImages: Content;
  /** Labels of the test images. */
  readonly testLabels: Content;
}

/** Puts the four files together; an error calls each by its name. */
export function assembleImageSet(files: ImageSetFiles<NamedBytes>, classes: number): ImageSet {
  const {rows, columns, part: train} = labelledImages(files.trainImages, files.trainLabels, classes);
  const test = labelledImages(files.testImages, files.testLabels, classes);
  if (test.rows !== rows || test.columns !== columns) {
    throw new Error(
      `${files.testImages.name}: test images must be as large as the training images, ${rows} x ${columns}, got ${test.rows} x ${test.columns}.`,
    );
  }
  return {rows, columns, classes, train, test: test.part};
}
