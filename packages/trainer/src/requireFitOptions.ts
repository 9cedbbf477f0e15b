import {requireInteger} from '@gradwire/core';
import type {FitOptions} from './trainerOptions.js';

/** Fills in defaults and rejects what cannot be meant. */
export function requireFitOptions({
  epochs = 1,
  batchSize = 32,
  shuffle = true,
  validationSplit,
  validationData,
}: FitOptions): {epochs: number; batchSize: number; shuffle: boolean} {
  requireInteger('Trainer.fit', {epochs, batchSize}, 1);
  if (validationSplit !== undefined) {
    if (!(validationSplit > 0 && validationSplit < 1)) {
      throw new RangeError(`Trainer.fit: validationSplit must be between 0 and 1, got ${validationSplit}.`);
    }
    if (validationData !== undefined) {
      throw new TypeError('Trainer.fit: give validationSplit or validationData, not both.');
    }
  }
  return {epochs, batchSize, shuffle};
}
