import type {RunEndEvent} from '@gradwire/trainer';
import {formatDuration, formatNumber, oneLine} from './format.js';
import {batchOf, epochOf, metricsOf, rateOf, timeLeftOf} from './progressTexts.js';
import type {RunProgress} from './runProgress.js';

/** A line of a log: `epoch 3/10: loss 0.4821 val_loss 0.5130, 120 steps/s, ETA 1:20`. */
export function logLine(run: RunProgress): string {
  const where = run.isWithinEpoch() && run.batches > 0 ? ` batch ${batchOf(run)}` : '';
  const facts = [valuesOf(run), rateOf(run, ' steps/s'), timeLeftOf(run)].filter((text) => text !== '');
  return epochOf(run) + where + (facts.length > 0 ? `: ${facts.join(', ')}` : '');
}

/** The last line of a run: `completed after 10/10 epochs (630 steps) in 12s: loss 0.4821 val_loss 0.5130`. */
export function endLine(run: RunProgress, {reason, duration, error}: RunEndEvent): string {
  const epochs = `${run.epochsDone}${run.epochs === undefined ? '' : `/${run.epochs}`} epochs`;
  const why = error === undefined ? valuesOf(run) : oneLine(`${error.name}: ${error.message}`);
  const line = `${reason} after ${epochs} (${run.steps} steps) in ${formatDuration(duration)}`;
  return why === '' ? line : `${line}: ${why}`;
}

/** Loss of now, metrics of the last finished epoch. */
function valuesOf(run: RunProgress): string {
  const loss = run.loss === undefined ? [] : [`loss ${formatNumber(run.loss, 4)}`];
  return [...loss, ...metricsOf(run, 4)].join(' ');
}
