import type {Cell} from './cell.js';
import type {Flags} from './flag.js';
import type {Setting} from './setting.js';
import type {Training} from './training.js';

/**
 * A published training with its variants: what `gradwire run <name>` runs.
 * `O` are its options, which the command line gives as flags.
 */
export interface Experiment<O extends object> {
  /** As the command line has it: `annealed-noise`. */
  readonly name: string;
  /** Which of the five seed documents, from 1. */
  readonly seedDoc: number;
  /** One line for `--help`. */
  readonly summary: string;
  /** Who published it, and where. */
  readonly source: string;
  readonly flags: Flags<O>;
  /** The seed of the published run, where there is one; default 1. */
  readonly seed?: number;
  /** The image set that it learns from, if any. */
  readonly images?: 'mnist' | 'fashion-mnist';
  /** Builds the training; rejects, before anything runs, options that do not go together. */
  compose(options: O, setting: Setting): Promise<Training>;
  /** The rows of its published tables, and what they are compared with. */
  readonly cells: readonly Cell<O>[];
}
