import {requireNonNegative, requireOptions} from '@gradwire/core';

/** The options of {@link constantSchedule}. */
export interface ConstantScheduleOptions {
  /** The rate; >= 0. */
  readonly rate: number;
}

/**
 * The same rate at every step: a piece for {@link joinSchedules} and {@link linearWarmup}.
 *
 *     rate(step) = rate
 *
 * @throws RangeError if `rate` is negative or not finite.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {constantSchedule, linearWarmup} from '@gradwire/optimizers';
 *
 * const schedule = linearWarmup({steps: 100}, constantSchedule({rate: 0.1}));
 * ```
 */
export function constantSchedule(options: ConstantScheduleOptions): (step: number) => number {
  const {rate} = requireOptions('constantSchedule', options, {rate: 0.1});
  requireNonNegative('constantSchedule', {rate});
  return () => rate;
}
