import {requireInteger} from '@gradwire/core';
import {requireKnown} from './requireTrainerOptions.js';
import type {FitOptions} from './trainerOptions.js';

const OPTIONS = [
  'epochs',
  'batchSize',
  'shuffle',
  'validationData',
  'validationSplit',
  'classWeight',
  'earlyStopping',
  'signal',
];
const EARLY_STOPPING = ['monitor', 'patience', 'minDelta', 'mode', 'restoreBestWeights'];

/** Fills in defaults and rejects what cannot be meant. */
export function requireFitOptions(options: FitOptions): {
  epochs: number;
  batchSize: number;
  shuffle: boolean;
} {
  if (options != null && 'callbacks' in options) {
    throw new TypeError(
      'Trainer.fit: there are no callbacks; subscribe to events$, or pass consumers to createTrainer.',
    );
  }
  requireKnown('Trainer.fit', options, OPTIONS);
  const {
    epochs = 1,
    batchSize = 32,
    shuffle = true,
    validationSplit,
    validationData,
    earlyStopping,
  } = options;
  if (earlyStopping !== undefined) requireKnown('earlyStopping', earlyStopping, EARLY_STOPPING);
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
