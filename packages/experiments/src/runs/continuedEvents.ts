import type {TrainingEvent} from '@gradwire/trainer';

/**
 * Makes the events of an attempt that goes on with another one's work read as if there had been one attempt: they carry its
 * run's id, and what it has told already, up to the beginning of the epoch, is left out.
 */
export function continuedEvents(run: string): (event: TrainingEvent) => TrainingEvent | undefined {
  let hasBegun = false;
  return (event) => {
    const isTold = !hasBegun && event.type !== 'runEnd';
    hasBegun ||= event.type === 'epochBegin';
    return isTold ? undefined : {...event, run};
  };
}
