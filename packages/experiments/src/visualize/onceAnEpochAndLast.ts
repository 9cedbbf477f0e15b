import type {StepSchedule} from '@gradwire/core';

/** Due at the first batch of every epoch, and at the very last batch of all: once more than there are epochs. */
export function onceAnEpochAndLast({
  epochs,
  batches,
}: {
  readonly epochs: number;
  /** In an epoch. */
  readonly batches: number;
}): StepSchedule {
  return (_step, {epoch, batch}) => batch === 0 || (epoch === epochs - 1 && batch === batches - 1);
}
