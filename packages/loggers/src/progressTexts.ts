import {formatDuration, formatNumber} from './format.js';
import type {RunProgress} from './runProgress.js';

/** `epoch 3/10` */
export function epochOf({epoch, epochs}: RunProgress): string {
  return `epoch ${epoch + 1}${epochs === undefined ? '' : `/${epochs}`}`;
}

/** `34/63`, or `34` while nobody knows the number of batches. */
export function batchOf({batches, stepsPerEpoch}: RunProgress): string {
  return stepsPerEpoch === undefined ? String(batches) : `${batches}/${Math.max(batches, stepsPerEpoch)}`;
}

/** `acc 0.880`, `val_loss 0.513`, …: metrics of the last finished epoch without its loss. */
export function metricsOf({logs}: RunProgress, digits: number): string[] {
  return Object.entries(logs)
    .filter(([key]) => key !== 'loss')
    .map(([key, value]) => `${key} ${formatNumber(value, digits)}`);
}

/** Steps per second in a unit: `120/s`, or nothing before the first. */
export function rateOf(run: RunProgress, unit: string): string {
  const rate = run.stepsPerSecond();
  return rate === undefined ? '' : formatNumber(rate, 3) + unit;
}

/** `ETA 1:20`, or nothing. */
export function timeLeftOf(run: RunProgress): string {
  const timeLeft = run.timeLeft();
  return timeLeft === undefined ? '' : `ETA ${formatDuration(1000 * Math.round(timeLeft / 1000))}`;
}

/** A line under the label of its run. */
export function withLabel(label: string, line: string): string {
  return label === '' ? line : `${label} ${line}`;
}
