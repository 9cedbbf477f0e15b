import type {ImageSetFiles} from '../assembleImageSet.js';
import type {PublishedFile} from './source.js';

/** The names and decompressed sizes that MNIST's four files have, and those of the sets made after it. */
const NAMES = {
  trainImages: {name: 'train-images-idx3-ubyte.gz', unpacked: 16 + 60_000 * 28 * 28},
  trainLabels: {name: 'train-labels-idx1-ubyte.gz', unpacked: 8 + 60_000},
  testImages: {name: 't10k-images-idx3-ubyte.gz', unpacked: 16 + 10_000 * 28 * 28},
  testLabels: {name: 't10k-labels-idx1-ubyte.gz', unpacked: 8 + 10_000},
};

/** The four files of a set, each with its size and checksum as published. */
export function publishedFiles(
  published: ImageSetFiles<Pick<PublishedFile, 'bytes' | 'sha256'>>,
): ImageSetFiles<PublishedFile> {
  return {
    trainImages: {...NAMES.trainImages, ...published.trainImages},
    trainLabels: {...NAMES.trainLabels, ...published.trainLabels},
    testImages: {...NAMES.testImages, ...published.testImages},
    testLabels: {...NAMES.testLabels, ...published.testLabels},
  };
}
