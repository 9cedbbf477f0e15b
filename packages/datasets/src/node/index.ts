export type {ImageSet, LabelledImages} from '../imageSet.js';
