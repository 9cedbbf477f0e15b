export type {ImageSet} from '../assembleImageSet.js';
export type {LabelledImages} from '../labelledImages.js';
export {fashionMnist} from './fashionMnist.js';
export {mnist} from './mnist.js';
export type {DownloadProgress, MnistOptions} from './mnistOptions.js';
