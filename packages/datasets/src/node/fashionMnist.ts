import type {ImageSet} from '../assembleImageSet.js';
import {loadImageSet} from './loadImageSet.js';
import type {MnistOptions} from './mnistOptions.js';
import {publishedFiles} from './publishedFiles.js';
import type {Source} from './source.js';

export const FASHION_MNIST: Source = {
  folder: 'fashion-mnist',
  classes: 10,
  mirrors: [
    'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  ],
  files: publishedFiles({
    trainImages: {
      bytes: 26421880,
      sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
    },
    trainLabels: {bytes: 29515, sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'},
    testImages: {bytes: 4422102, sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'},
    testLabels: {bytes: 5148, sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'},
  }),
};

/**
 * Loads Fashion-MNIST: photographs of clothes in the layout of MNIST, 60 000 for training and 10 000 for testing.
 *
 * Classes: 0 T-shirt, 1 trouser, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker, 8 bag, 9 ankle boot. The first
 * call downloads 31 MB; all else is as in {@link mnist}.
 *
 * The images are © 2017 Zalando SE, under the MIT licence.
 *
 * @param options.directory folder with the four files; default: they are downloaded.
 * @param options.cache folder for what is downloaded; default: `gradwire` in the user's cache folder.
 * @param options.signal ends the loading.
 * @param options.onProgress told how far a download is, in bytes.
 * @param options.mirrors addresses from which to download; default: the public ones.
 * @returns pixels as bytes, 0 (background) to 255, and labels.
 * @throws TypeError (as a rejection) if an option is wrong.
 * @throws AggregateError (as a rejection) if a file cannot be downloaded; it says why, for each address, and how to do
 * without.
 * @throws Error (as a rejection) if a file is missing from `directory`, or is not what it should be.
 * @example
 * ```ts no-run
 * import {fashionMnist} from '@gradwire/datasets/node';
 *
 * const {train, test} = await fashionMnist({directory: 'data/fashion-mnist'});
 * console.log(train.count, test.count); // 60000 10000
 * ```
 * @see Xiao, Rasul, Vollgraf (2017), "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms",
 * arXiv:1708.07747.
 */
export function fashionMnist(options: MnistOptions = {}): Promise<ImageSet> {
  return loadImageSet('fashionMnist', FASHION_MNIST, options);
}
