import {drawBar} from './drawBar.js';
import {formatNumber} from './format.js';
import {batchOf, epochOf, metricsOf, rateOf, timeLeftOf} from './progressTexts.js';
import type {RunProgress} from './runProgress.js';

const SHORTEST_BAR = 10;
const LONGEST_BAR = 22;

/** A piece of the line. The highest rank finds room first; within a rank, the leftmost. */
interface Field {
  readonly text: string;
  readonly rank: number;
}

/**
 * What a terminal shows of a run, at most `width` letters long:
 * `epoch 3/10 [====>-----] batch 34/63 loss 0.482 acc 0.880 val_loss 0.513 120/s ETA 1:20`.
 */
export function barLine(run: RunProgress, label: string, width: number): string {
  const bar: Field = {text: run.epochs === undefined ? '' : '-'.repeat(SHORTEST_BAR), rank: 4};
  const fields: readonly Field[] = [
    {text: label, rank: 7},
    {text: epochOf(run), rank: 10},
    bar,
    {text: run.batches > 0 ? 'batch' : '', rank: 1},
    {text: run.batches > 0 ? batchOf(run) : '', rank: 6},
    {text: run.loss === undefined ? '' : `loss ${formatNumber(run.loss, 3)}`, rank: 9},
    ...metricFields(run),
    {text: rateOf(run, '/s'), rank: 2},
    {text: timeLeftOf(run), rank: 8},
  ];
  const shown = fitting(fields, width);
  const room = SHORTEST_BAR + width - lengthOf(shown);
  return shown
    .map((field) => (field === bar ? drawBar(run.fraction(), Math.min(room, LONGEST_BAR)) : field.text))
    .join(' ')
    .slice(0, width);
}

/** Of the metrics, what validation says is kept longer, and its first value, mostly the loss, longest. */
function metricFields(run: RunProgress): Field[] {
  let validated = 0;
  return metricsOf(run, 3).map((text) => {
    if (!text.startsWith('val_')) return {text, rank: 0};
    return {text, rank: validated++ === 0 ? 5 : 3};
  });
}

/** Those that there is room for, and one in any case. */
function fitting(fields: readonly Field[], width: number): Field[] {
  const chosen: Field[] = [];
  for (const field of fields.toSorted((a, b) => b.rank - a.rank)) {
    if (field.text === '') continue;
    if (chosen.length === 0 || lengthOf([...chosen, field]) <= width) chosen.push(field);
  }
  return fields.filter((field) => chosen.includes(field));
}

function lengthOf(fields: readonly Field[]): number {
  return fields.reduce((length, {text}) => length + 1 + text.length, -1);
}
