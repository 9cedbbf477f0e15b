import type {ImageSet} from '../assembleImageSet.js';
import {loadImageSet} from './loadImageSet.js';
import type {MnistOptions} from './mnistOptions.js';
import {publishedFiles} from './publishedFiles.js';
import type {Source} from './source.js';

export const MNIST: Source = {
  folder: 'mnist',
  classes: 10,
  mirrors: [
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'http://yann.lecun.com/exdb/mnist/',
  ],
  files: publishedFiles({
    trainImages: {bytes: 9912422, sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'},
    trainLabels: {bytes: 28881, sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'},
    testImages: {bytes: 1648877, sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'},
    testLabels: {bytes: 4542, sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'},
  }),
};

/**
 * Loads MNIST: 60 000 images of handwritten digits for training and 10 000 for testing, 28 x 28 pixels, classes 0 to 9.
 *
 * The first call downloads 12 MB into the cache and compares each file with its published SHA-256; a download that broke off
 * goes on where it stopped. Later calls read the cache, verify it, and download anew what is damaged. Several processes
 * may do so at once. With `directory` nothing is downloaded: the files there are taken as they are, whatever IDX images
 * and labels they hold, if counts and sizes fit. The result takes 55 MB of memory.
 *
 * The images are © Yann LeCun and Corinna Cortes, published under CC BY-SA 3.0 according to Keras.
 *
 * @param options.directory folder with the four files; default: they are downloaded.
 * @param options.cache folder for what is downloaded; default: `gradwire` in the user's cache folder.
 * @param options.signal ends the loading.
 * @param options.onProgress told how far a download is, in bytes.
 * @param options.mirrors addresses from which to download; default: the public ones.
 * @returns pixels as bytes, 0 (background) to 255 (ink), and labels.
 * @throws TypeError (as a rejection) if an option is wrong.
 * @throws AggregateError (as a rejection) if a file cannot be downloaded; it says why, for each address, and how to do
 * without.
 * @throws Error (as a rejection) if a file is missing from `directory`, or is not what it should be.
 * @example
 * ```ts no-run
 * import * as tf from '@tensorflow/tfjs';
 * import {mnist} from '@gradwire/datasets/node';
 *
 * const {rows, columns, train} = await mnist({
 *   onProgress: ({file, received, total}) => console.log(`${file}: ${received} of ${total} bytes`),
 * });
 * const x = tf.tidy(() => tf.tensor4d(train.images, [train.count, rows, columns, 1], 'int32').div(255));
 * const y = tf.tensor1d(train.labels, 'int32');
 * ```
 * @see LeCun, Bottou, Bengio, Haffner (1998), "Gradient-based learning applied to document recognition",
 * doi:10.1109/5.726791.
 */
export function mnist(options: MnistOptions = {}): Promise<ImageSet> {
  return loadImageSet('mnist', MNIST, options);
}
