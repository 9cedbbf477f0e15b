import type {DecisionBoundary} from '@gradwire/report';

/** What became of a run that has ended. */
export interface RunResult {
  readonly version: 1;
  readonly reason: 'completed' | 'earlyStopped' | 'diverged' | 'failed';
  /** Figures of the outcome; none where it failed. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Milliseconds of training, over all attempts. */
  readonly duration: number;
  /** Epochs trained, over all stages. */
  readonly epochs: number;
  readonly boundary?: DecisionBoundary;
  /** What was thrown, if it failed. */
  readonly error?: {readonly name: string; readonly message: string; readonly stack?: string};
}

/** With the strings that stand for NaN and infinities in JSON as numbers. */
export function revivedMetrics(metrics: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value)]));
}
