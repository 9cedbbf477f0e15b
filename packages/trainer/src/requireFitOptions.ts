import {describeValue, type KnownOptions, requireInteger, requireOptions} from '@gradwire/core';
import type {EarlyStopping} from './earlyStopping.js';
import {requireBooleans} from './requireKinds.js';
import type {FitOptions} from './trainerOptions.js';

const OPTIONS: KnownOptions<FitOptions> = {
  epochs: 10,
  initialEpoch: 0,
  batchSize: 32,
  shuffle: 'true',
  validationData: '{x, y}',
  validationSplit: 0.2,
  classWeight: '{0: 1, 1: 2}',
  earlyStopping: '{patience: 3}',
  signal: 'abortSignal',
};
const EARLY_STOPPING: KnownOptions<EarlyStopping> = {
  monitor: "'val_loss'",
  patience: 3,
  minDelta: 0,
  mode: "'min'",
  restoreBestWeights: 'true',
};

/** Fills in defaults and rejects what cannot be meant. */
export function requireFitOptions(options: FitOptions): {
  epochs: number;
  initialEpoch: number;
  batchSize: number;
  shuffle: boolean;
} {
  if (options != null && 'callbacks' in options) {
    throw new TypeError(
      'Trainer.fit: there are no callbacks; subscribe to events$, or pass consumers to createTrainer.',
    );
  }
  requireOptions('Trainer.fit', options, OPTIONS, 'data, ');
  const {
    epochs = 1,
    initialEpoch = 0,
    batchSize = 32,
    shuffle = true,
    validationSplit,
    validationData,
    earlyStopping,
    signal,
  } = options;
  if (earlyStopping !== undefined) requireOptions('earlyStopping', earlyStopping, EARLY_STOPPING);
  requireInteger('Trainer.fit', {epochs, batchSize}, 1);
  requireInteger('Trainer.fit', {initialEpoch}, 0);
  if (initialEpoch >= epochs) {
    throw new RangeError(
      `Trainer.fit: initialEpoch must be less than epochs (${epochs}), got ${initialEpoch}: nothing is left to train.`,
    );
  }
  requireBooleans('Trainer.fit', {shuffle});
  if (validationSplit !== undefined) {
    if (!(typeof validationSplit === 'number' && validationSplit > 0 && validationSplit < 1)) {
      throw new RangeError(`Trainer.fit: validationSplit must be between 0 and 1, got ${validationSplit}.`);
    }
    if (validationData !== undefined) {
      throw new TypeError('Trainer.fit: give validationSplit or validationData, not both.');
    }
  }
  if (signal !== undefined && typeof signal.aborted !== 'boolean') {
    throw new TypeError(`Trainer.fit: signal must be an AbortSignal, got ${describeValue(signal)}.`);
  }
  return {epochs, initialEpoch, batchSize, shuffle};
}
