import type {AlertEvent, RemedyEvent, RunBeginEvent, RunEndEvent} from '@gradwire/trainer';
import type {RecordedRun} from '../recordedRun.js';
import type {Series, SeriesTable} from './series.js';

/** A run as curves over one axis: what figures are made of. */
export interface Recording {
  readonly run: RecordedRun;
  /** One for each training, one after the other. */
  readonly stages: readonly Stage[];
  /** Optimizer updates in all. */
  readonly steps: number;
  /** Updates done when each epoch began. */
  readonly epochStarts: readonly number[];
  /** The number of the first of these epochs. */
  readonly firstEpoch: number;
  /** Losses of single batches. */
  readonly losses: Series;
  /** By key of the logs: `loss`, `val_loss`, … */
  readonly logs: ReadonlyMap<string, Series>;
  /** Scalars by capture. */
  readonly captures: ReadonlyMap<string, SeriesTable>;
  /** Histograms by capture and subject. */
  readonly histograms: ReadonlyMap<string, ReadonlyMap<string, readonly Histogram[]>>;
  readonly alerts: readonly At<AlertEvent>[];
  readonly remedies: readonly At<RemedyEvent>[];
  /** How often each capture could not measure. */
  readonly failures: ReadonlyMap<string, number>;
}

/** One training. */
export interface Stage {
  /** Updates done when it began. */
  readonly start: number;
  readonly begin: RunBeginEvent | undefined;
  end: RunEndEvent | undefined;
}

/** An event at its place. */
export interface At<E> {
  readonly step: number;
  readonly event: E;
}

/** A histogram at its place: `edges` has one entry more than `counts`. */
export interface Histogram {
  readonly step: number;
  readonly counts: Float32Array;
  readonly edges: Float32Array;
}
