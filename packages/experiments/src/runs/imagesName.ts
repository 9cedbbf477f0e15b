import type {Experiment} from '../experiment.js';

/** The image sets that experiments learn from. */
export type ImagesName = NonNullable<Experiment<object>['images']>;
