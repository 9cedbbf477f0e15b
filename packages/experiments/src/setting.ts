import type {ImageSet} from '@gradwire/datasets/node';
import type {EventConsumer} from '@gradwire/trainer';

/** What an experiment is given to compose its training with. */
export interface Setting {
  /** Of everything random but the data: weights, shuffling, noise. */
  readonly seed: number;
  /** Go into every trainer: progress, loggers, the run's own record. */
  readonly consumers: readonly EventConsumer[];
  /** The image set that the experiment has named; the caller's to keep, as bytes. */
  images(): Promise<ImageSet>;
}
