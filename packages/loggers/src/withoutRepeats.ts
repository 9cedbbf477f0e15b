import type {TrainingEvent} from '@gradwire/trainer';

/**
 * The events of one training that was resumed, perhaps more than once, without those that were done again.
 *
 * A training that goes on from a checkpoint begins a run at the step of that, which an earlier attempt may have passed. Of the
 * earlier attempts this keeps what happened before that step, of the last one everything:
 *
 *     kept = {e : step(e) < step(r) for every later runBegin r}
 *
 * and `runEnd` at the very step of r. The run ids stay those of the attempts.
 *
 * @param events of one training, in order, e.g. a whole file of {@link jsonl}. Those of another one, which begins at step 0 too,
 *   would count as an attempt that was given up.
 * @example
 * ```ts
 * import {withoutRepeats} from '@gradwire/loggers';
 * import type {TrainingEvent} from '@gradwire/trainer';
 *
 * const at = (run: string, step: number) => ({run, step, epoch: 0, time: 0});
 * const begin = {type: 'runBegin', epochs: 1, parameters: [], transforms: [], metrics: [], optimizer: 'SGD', backend: 'cpu'} as const;
 * const step = {type: 'step', batch: 0, size: 1, learningRate: 0.1, duration: 1} as const;
 * const events: TrainingEvent[] = [
 *   {...begin, ...at('a', 0)},
 *   {...step, ...at('a', 0)},
 *   {...step, ...at('a', 1)},
 *   {...begin, ...at('b', 1)},
 *   {...step, ...at('b', 1)},
 * ];
 * console.log(withoutRepeats(events).map((event) => `${event.run}${event.step}`)); // [ 'a0', 'a0', 'b1', 'b1' ]
 * ```
 */
export function withoutRepeats(events: readonly TrainingEvent[]): TrainingEvent[] {
  let resumedAt = Number.POSITIVE_INFINITY;
  return events
    .toReversed()
    .filter((event) => {
      const {type, step} = event;
      const isKept = step < resumedAt || (type === 'runEnd' && step === resumedAt);
      if (type === 'runBegin') resumedAt = Math.min(resumedAt, step);
      return isKept;
    })
    .reverse();
}
