import {requireNonNegative, type StepContext} from '@gradwire/core';

/** A size that falls with time. */
export interface Annealing {
  /** The size at time 0, or the size as a function of time. */
  readonly size: number | ((t: number) => number);
  /** size / (1 + t)^gamma, where `size` is a number. */
  readonly gamma: number;
  readonly unit: 'step' | 'epoch';
}

/**
 * The size at this step.
 *
 * @param where the transform whose option `option` it is.
 */
export function annealed(
  where: string,
  option: string,
  {size, gamma, unit}: Annealing,
  {step, epoch}: StepContext,
): number {
  const t = unit === 'step' ? step : epoch;
  if (t === undefined) {
    throw new Error(
      `${where}: unit 'epoch' needs to know the epoch, and model.fit does not tell it. ` +
        'Use createTrainer, or set optimizer.epoch = epoch in onEpochBegin.',
    );
  }
  if (typeof size === 'number') return size / (1 + t) ** gamma;
  const value = size(t);
  requireNonNegative(where, {[`${option}(${t})`]: value});
  return value;
}
