import type {RunOutcome} from '../runs/runJob.js';

/** What a process that trains a cell tells the one that has started it. */
export type CellMessage =
  | {readonly type: 'progress'; readonly fraction: number; readonly text: string}
  | {readonly type: 'outcome'; readonly outcome: RunOutcome}
  | {readonly type: 'error'; readonly message: string};

/** What it is told: to end at the next step boundary. */
export const STOP = 'stop';
