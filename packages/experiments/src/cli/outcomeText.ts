import {basename} from 'node:path';
import type {RunOutcome} from '../runs/runJob.js';
import {duration, figure} from './format.js';
import {textTable} from './textTable.js';

/** What a run has come to, and what may be asked next. `flags`: what these commands need to find it. */
export function outcomeText(
  outcome: RunOutcome,
  {folder, experiment, flags}: {readonly folder: string; readonly experiment: string; readonly flags: string},
): string {
  const id = basename(folder);
  if (outcome.reason === 'stopped') {
    return `Stopped; kept: ${epochs(outcome.epochs)}. To go on:\n  gradwire run ${experiment} --resume ${id}${flags}`;
  }
  const {reason, metrics, error} = outcome;
  const rows = Object.entries(metrics).map(([name, value]) => [name, figure(value)]);
  return [
    `${ENDED[reason]} after ${epochs(outcome.epochs)} in ${duration(outcome.duration)}${error === undefined ? '.' : `: ${error.message}`}`,
    ...(rows.length === 0 ? [] : ['', textTable(['figure', 'value'], rows, {right: [1]})]),
    '',
    `In ${folder}. Next:`,
    `  gradwire report ${id}${flags}`,
    `  gradwire compare ${id} <run>${flags}`,
  ].join('\n');
}

const ENDED = {
  completed: 'Completed',
  earlyStopped: 'Stopped early',
  diverged: 'Diverged',
  failed: 'Failed',
} as const;

function epochs(count: number): string {
  return count === 1 ? '1 epoch' : `${count} epochs`;
}
