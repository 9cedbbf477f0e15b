import type {TrainingEvent} from '@gradwire/trainer';

/** A run as it was recorded: what a report is made of. */
export interface RecordedRun {
  /** Tells runs apart in a comparison. */
  readonly name: string;
  /** In the order in which they came; of several runs one after the other, where the training had several stages. */
  readonly events: readonly TrainingEvent[];
  /** What it was run with: shown as a table. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Where it was run: shown as a table. */
  readonly environment?: Readonly<Record<string, unknown>>;
  /** Figures of the outcome: `test_acc`, … */
  readonly metrics?: Readonly<Record<string, number>>;
  /** For data in the plane. */
  readonly boundary?: DecisionBoundary;
}

/** Which class a model gives to which point of the plane. */
export interface DecisionBoundary {
  /** Coordinates of the grid's columns, ascending. */
  readonly xs: readonly number[];
  /** Coordinates of the grid's rows, ascending. */
  readonly ys: readonly number[];
  /** The class at each grid point, from 0: row by row, `ys.length · xs.length` of them. */
  readonly classes: readonly number[];
  /** The data. */
  readonly points: readonly {readonly x: number; readonly y: number; readonly label: number}[];
}

/** A table of a comparison, e.g. our figures beside the published ones. */
export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Paragraphs below it. */
  readonly notes?: readonly string[];
}
