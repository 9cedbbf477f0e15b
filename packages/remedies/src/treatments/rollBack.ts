import {requireInteger, requireOptions} from '@gradwire/core';
import type {TrainingSnapshot} from '@gradwire/trainer';
import type {Treatment} from '../treatment.js';

/** Options of {@link rollBack}. */
export interface RollBackOptions {
  /** Steps from one snapshot to the next, at least; a whole number >= 1, default 10. */
  readonly every?: number;
}

/** Weights and optimizer after a step. */
interface Moment {
  readonly snapshot: TrainingSnapshot;
  readonly step: number;
  /** Of the losses before. */
  readonly level: number;
}

/** The level of the loss is the median of as many. */
const LOSSES = 5;

/**
 * Goes back to the weights and the optimizer's state at the lowest loss so far. Learning rate and transforms stay as they are.
 *
 * Goes by the losses that are read: where none is (`readLoss`), there is nothing to go back to, and it throws. Keeps one snapshot, of the size of weights and optimizer, from the first step on, and another one in passing: taken where the median
 * of the last 5 losses is the lowest so far, and kept if the next loss is at most half above that. Combine it with what keeps the same from
 * happening again.
 *
 * @throws RangeError if `every` is no whole number >= 1.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {onAlert, rollBack, scaleRate} from '@gradwire/remedies';
 *
 * const remedy = onAlert(['nonFinite', 'nonFiniteLoss'], [rollBack(), scaleRate({factor: 0.1})]);
 * ```
 */
export function rollBack(options: RollBackOptions = {}): Treatment {
  const {every = 10} = requireOptions('rollBack', options, {every: 10});
  requireInteger('rollBack', {every}, 1);
  return Object.freeze<Treatment>({
    name: 'rollBack',
    begin(services) {
      let kept: Moment | undefined;
      let candidate: Moment | undefined;
      let best = Number.POSITIVE_INFINITY;
      let last = Number.NEGATIVE_INFINITY;
      const losses: number[] = [];
      const forget = (one: Moment | undefined): void => one?.snapshot.dispose();
      let restored = 0;
      const take = (level: number): void => {
        const asked = restored;
        services.betweenSteps((training) => {
          if (asked !== restored) return;
          forget(candidate);
          candidate = {snapshot: training.snapshot(), step: training.step, level};
        });
      };
      return {
        observe(event) {
          if (event.type === 'runBegin') take(Number.POSITIVE_INFINITY);
          if (event.type !== 'step' || event.loss === undefined) return;
          const {loss, step} = event;
          // This is the loss at the candidate's weights, but for the first one there is nothing better to go back to.
          if (
            candidate !== undefined &&
            (kept === undefined || loss <= candidate.level + Math.abs(candidate.level) / 2)
          ) {
            forget(kept);
            kept = candidate;
            // The first one was taken before there was a loss.
            best = [candidate.level, loss, best].find(Number.isFinite) ?? best;
          } else forget(candidate);
          candidate = undefined;
          losses.push(Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY);
          if (losses.length > LOSSES) losses.shift();
          const level = losses.toSorted((a, b) => a - b)[losses.length >> 1]!;
          if (level < best && step - last >= every) {
            last = step;
            take(level);
          }
        },
        apply() {
          if (kept === undefined) throw new Error('there is nothing to go back to yet.');
          kept.snapshot.restore('state');
          // Taken of what is now given up.
          forget(candidate);
          candidate = undefined;
          restored++;
          losses.length = 0;
          return {change: `weights and optimizer of step ${kept.step}`};
        },
        end() {
          forget(kept);
          forget(candidate);
        },
      };
    },
  });
}
