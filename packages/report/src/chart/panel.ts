import type {ColorName} from './palette.js';
import type {Point} from './thin.js';

/** One pair of axes with curves. */
export interface Panel {
  readonly title: string;
  readonly scale: 'linear' | 'log';
  readonly lines: readonly Line[];
  readonly bands?: readonly Band[];
  readonly marks?: readonly Mark[];
  /** Panels of one group have the same range of values. */
  readonly group?: string;
  /** A value to compare with, drawn as a line across. */
  readonly level?: number;
}

/** One curve; those with one name have one entry in the legend. */
export interface Line {
  readonly name: string;
  readonly color: ColorName;
  readonly points: readonly Point[];
  readonly dash?: 'dashed' | 'dotted';
  /** Stands back behind the others: single batches behind the epochs. */
  readonly isFaint?: boolean;
}

/** The area between two curves over the same places. */
export interface Band {
  readonly name: string;
  readonly color: ColorName;
  readonly opacity: number;
  readonly points: readonly (readonly [x: number, low: number | null, high: number | null])[];
}

/** A vertical line. */
export interface Mark {
  readonly x: number;
  readonly color: ColorName;
  readonly dash?: 'dashed' | 'dotted';
  readonly label?: string;
}
