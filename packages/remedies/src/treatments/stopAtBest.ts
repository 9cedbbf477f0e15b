import {describeValue, requireOptions} from '@gradwire/core';
import type {TrainingSnapshot} from '@gradwire/trainer';
import type {Treatment} from '../treatment.js';

/** Options of {@link stopAtBest}. */
export interface StopAtBestOptions {
  /** What has to be low, a key of the logs of an epoch; default `val_loss`. */
  readonly metric?: string;
}

/**
 * Ends the run with the weights of its best epoch.
 *
 * Keeps a snapshot of weights and optimizer, taken after each epoch that is better than all before it. An alert after the last epoch comes
 * too late: the run has ended by itself.
 *
 * @throws TypeError if `metric` is no string, or `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {onAlert, stopAtBest} from '@gradwire/remedies';
 *
 * const remedy = onAlert('overfitting', stopAtBest());
 * ```
 */
export function stopAtBest(options: StopAtBestOptions = {}): Treatment {
  const {metric = 'val_loss'} = requireOptions('stopAtBest', options, {metric: "'val_loss'"});
  if (typeof metric !== 'string') {
    throw new TypeError(`stopAtBest: metric must be a key of the logs, got ${describeValue(metric)}.`);
  }
  return Object.freeze<Treatment>({
    name: 'stopAtBest',
    begin(services) {
      let best: {readonly snapshot: TrainingSnapshot; readonly epoch: number} | undefined;
      let lowest = Number.POSITIVE_INFINITY;
      let isStopping = false;
      return {
        observe(event) {
          if (event.type !== 'epochEnd') return;
          const value = event.logs[metric];
          const {epoch} = event;
          if (value === undefined || !(value < lowest)) return;
          lowest = value;
          services.betweenSteps((training) => {
            best?.snapshot.dispose();
            best = {snapshot: training.snapshot(), epoch};
          });
        },
        apply() {
          if (best === undefined) throw new Error(`no epoch has told its ${metric} yet.`);
          best.snapshot.restore('state');
          isStopping = true;
          // Once all of its list is done: a stop cannot be taken back.
          services.betweenSteps(() => {
            if (isStopping) services.stop();
          });
          return {change: `the run ends with the weights of epoch ${best.epoch}`};
        },
        undone: () => {
          isStopping = false;
        },
        end: () => best?.snapshot.dispose(),
      };
    },
  });
}
