import {describeValue, every, everyEpoch, logSpaced, requireOptions, type StepSchedule} from '@gradwire/core';

/**
 * The schedule among the options of a capture.
 *
 * @param where name of the function whose options these are.
 * @throws TypeError if it is none.
 */
export function requireWhen(where: string, options: {readonly when: StepSchedule}): StepSchedule {
  const {when} = requireOptions(where, options, {when: 'every(10)'});
  const isUncalled = ([every, everyEpoch, logSpaced] as unknown[]).includes(when);
  if (typeof when === 'function' && !isUncalled) return when;
  const hint = isUncalled ? ' Was it not called?' : '';
  throw new TypeError(
    `${where}: when must be a step schedule, e.g. every(10), got ${describeValue(when)}.${hint}`,
  );
}
