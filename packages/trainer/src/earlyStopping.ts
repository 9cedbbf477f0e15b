import {requireInteger, requireNonNegative} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** When to end a run that no longer gets better. */
export interface EarlyStopping {
  /** Key of the epoch logs to watch; default `val_loss` with validation data, else `loss`. */
  readonly monitor?: string;
  /** Epochs in a row without improvement after which the run ends, as in Keras: 0 and 1 both mean the first; default 0. */
  readonly patience?: number;
  /** Smallest change that counts as improvement, >= 0; default 0. */
  readonly minDelta?: number;
  /** Whether smaller or larger is better; default `max` for accuracies, else `min`. */
  readonly mode?: 'min' | 'max';
  /** Give the model back the weights of its best epoch when the run ends; default true. */
  readonly restoreBestWeights?: boolean;
}

/** Watches one value over the epochs and remembers the weights of the best. */
export class BestEpoch {
  readonly #monitor: string;
  readonly #patience: number;
  readonly #minDelta: number;
  readonly #sign: number;
  readonly #restore: boolean;
  #best = Infinity;
  #waited = 0;
  #weights: tf.Tensor[] = [];

  constructor(
    {monitor, patience = 0, minDelta = 0, mode, restoreBestWeights = true}: EarlyStopping,
    logKeys: readonly string[],
  ) {
    requireInteger('earlyStopping', {patience}, 0);
    requireNonNegative('earlyStopping', {minDelta});
    if (mode !== undefined && mode !== 'min' && mode !== 'max') {
      throw new RangeError(`earlyStopping: mode must be 'min' or 'max', got ${String(mode)}.`);
    }
    this.#monitor = monitor ?? (logKeys.includes('val_loss') ? 'val_loss' : 'loss');
    if (!logKeys.includes(this.#monitor)) {
      throw new RangeError(
        `earlyStopping: monitor '${this.#monitor}' is not measured in this run. Measured: ${logKeys.join(', ')}.`,
      );
    }
    this.#patience = patience;
    this.#minDelta = minDelta;
    this.#sign = (mode ?? (/acc/i.test(this.#monitor) ? 'max' : 'min')) === 'max' ? -1 : 1;
    this.#restore = restoreBestWeights;
  }

  /** Takes note of an epoch; true if the run should end. */
  observe(logs: Readonly<Record<string, number>>, weights: readonly tf.Variable[]): boolean {
    const value = this.#sign * logs[this.#monitor]!;
    if (value < this.#best - this.#minDelta) {
      this.#best = value;
      this.#waited = 0;
      if (this.#restore) {
        tf.dispose(this.#weights);
        this.#weights = weights.map((weight) => tf.keep(tf.clone(weight)));
      }
      return false;
    }
    return ++this.#waited >= this.#patience;
  }

  /** Sets the weights of the best epoch, if any was seen. */
  restore(weights: readonly tf.Variable[]): void {
    if (this.#weights.length > 0) weights.forEach((weight, i) => weight.assign(this.#weights[i]!));
  }

  dispose(): void {
    tf.dispose(this.#weights);
    this.#weights = [];
  }
}
