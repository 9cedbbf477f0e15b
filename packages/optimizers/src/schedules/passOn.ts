import type {LearningRateSchedule} from '@gradwire/core';

/** A schedule made of others that hands on to them what it is told, where one of them listens. */
export function passOn(
  parts: readonly LearningRateSchedule[],
  schedule: LearningRateSchedule,
): LearningRateSchedule {
  const listening = [...new Set(parts)].filter(({observe}) => observe !== undefined);
  if (listening.length === 0) return schedule;
  const observe = (logs: Readonly<Record<string, number>>): void => {
    for (const part of listening) part.observe!(logs);
  };
  return Object.assign(schedule, {observe});
}
