import type {RunEndEvent} from '@gradwire/trainer';
import {formatDuration, formatNumber, oneLine} from './format.js';
import {batchOf, epochOf, metricsOf, rateOf, timeLeftOf} from './progressTexts.js';
import type {RunProgress} from './runProgress.js';

/** A line of a log: `epoch 3/10: loss 0.4821 val_loss 0.5130, 120 steps/s, ETA 1:20`. */
export function logLine(run: RunProgress): string {
  const where = run.isWithinEpoch() && run.batches > 0 ? ` batch ${batchOf(run)}` : '';
  const facts = [valuesOf(run, 4), rateOf(run, ' steps/s'), timeLeftOf(run)].filter((text) => text !== '');
  return epochOf(run) + where + (facts.length > 0 ? `: ${facts.join(', ')}` : '');
}

/** The last line of a run: `completed after 10 epochs in 12s: loss 0.482 val_loss 0.513`. */
export function endLine(run: RunProgress, {reason, duration, error}: RunEndEvent): string {
  const {epochs: planned = run.epochsDone, epochsDone, steps} = run;
  const epochs =
    epochsDone === planned
      ? `${planned} epoch${planned === 1 ? '' : 's'}`
      : `${epochsDone}/${planned} epochs (${steps} steps)`;
  const why = error === undefined ? valuesOf(run, 3) : oneLine(`${error.name}: ${error.message}`);
  const line = `${reason} after ${epochs} in ${formatDuration(duration)}`;
  return why === '' ? line : `${line}: ${why}`;
}

/** Loss of now, metrics of the last finished epoch. */
function valuesOf(run: RunProgress, digits: number): string {
  const loss = run.loss === undefined ? [] : [`loss ${formatNumber(run.loss, digits)}`];
  return [...loss, ...metricsOf(run, digits)].join(' ');
}
