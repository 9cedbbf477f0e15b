import type {NotesModelOptions} from './notesModel.js';
import type {optimizers} from './notesOptimizers.js';

/** What of the training on MNIST can be chosen. */
export interface NotesOptions extends NotesModelOptions {
  readonly optimizer: keyof typeof optimizers;
  readonly rate: number;
  /** Whether the rate falls to a tenth in 10,000 updates. */
  readonly decay: boolean;
  /** Whether each entry of the gradients is clipped to ±1. */
  readonly clip: boolean;
  readonly epochs: number;
  /** Batches in an epoch: 100 as published, 550 for all images. */
  readonly batches: number;
}
