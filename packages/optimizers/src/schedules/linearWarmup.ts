import {type LearningRateSchedule, requireInteger, requireNonNegative, requireOptions} from '@gradwire/core';
import {linear} from './anneal.js';
import {passOn} from './passOn.js';
import {requireRateSchedule} from './requireRateSchedule.js';

/** The options of {@link linearWarmup}. */
export interface LinearWarmupOptions {
  /** Length of the way up; a whole number >= 0. */
  readonly steps: number;
  /** The rate at step 0; >= 0, default 0, with which the first update does nothing. */
  readonly rate?: number;
}

/**
 * Begins with a small rate, grows it along a straight line, and then hands over to another schedule.
 *
 *     rate(step) = rate + (schedule(0) − rate) · step / steps,  step < steps
 *     rate(step) = schedule(step − steps),                      after that
 *
 *     schedule(0)    ╱‾‾╲
 *                  ╱     ╲__
 *     rate       ╱          ╲______
 *               0  steps
 *
 * The schedule counts its steps from the end of the warm-up. PyTorch: `LinearLR` in a `SequentialLR`.
 *
 * @param options length and beginning of the warm-up.
 * @param schedule what comes after it; a plain function is a schedule too.
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key, or `schedule` is no function.
 * @example
 * ```ts
 * import {linearWarmup, stepDecay} from '@gradwire/optimizers';
 *
 * const rate = linearWarmup({steps: 100}, stepDecay({rate: 1, factor: 0.5, every: 1000}));
 * const at = {epoch: 0, batch: 0};
 * console.log([0, 50, 100, 1099, 1100].map((step) => rate(step, at))); // [0, 0.5, 1, 1, 0.5]
 * ```
 * @see Goyal et al. (2017), "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", arXiv:1706.02677.
 */
export function linearWarmup(
  options: LinearWarmupOptions,
  schedule: LearningRateSchedule,
): LearningRateSchedule {
  const {steps, rate = 0} = requireOptions('linearWarmup', options, {steps: 500, rate: 0});
  requireInteger('linearWarmup', {steps}, 0);
  requireNonNegative('linearWarmup', {rate});
  requireRateSchedule('linearWarmup', 'schedule', schedule);
  return passOn([schedule], (step, at) =>
    step < steps ? linear(rate, schedule(0, at), step / steps) : schedule(step - steps, at),
  );
}
