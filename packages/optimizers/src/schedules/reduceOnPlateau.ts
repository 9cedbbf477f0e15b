import {
  describeValue,
  requireInteger,
  requireNonNegative,
  requireOptions,
  requirePositive,
} from '@gradwire/core';

/** The options of {@link reduceOnPlateau}. */
export interface ReduceOnPlateauOptions {
  /** The rate to begin with; >= 0. */
  readonly rate: number;
  /** What the rate is multiplied by on a plateau; in (0, 1), default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement that are borne; with one more the rate drops. A whole number >= 0, default 10. */
  readonly patience?: number;
  /** Name of the quantity that should improve, as in the logs; default `'val_loss'`. */
  readonly metric?: string;
  /** Whether smaller values are better, or larger ones; default `'min'`. */
  readonly mode?: 'min' | 'max';
  /** How much better than the best a value must be to count as an improvement; >= 0, default 1e-4. */
  readonly threshold?: number;
  /** What `threshold` is in: shares of the best value so far, or units of the quantity. Default `'relative'`. */
  readonly thresholdMode?: 'relative' | 'absolute';
  /** Epochs after a drop in which nothing is counted; a whole number >= 0, default 0. */
  readonly cooldown?: number;
  /** The rate that it does not go below; >= 0, default 0. */
  readonly end?: number;
}

/** A schedule that depends on what it is told, and not on the step. */
export interface PlateauSchedule {
  /** The current rate. */
  (step?: number): number;
  /** Takes note of an epoch's logs. */
  observe(logs: Readonly<Record<string, number>>): void;
}

/**
 * Lowers the rate when a quantity of the logs has stopped improving.
 *
 *     rate ← max(end, factor · rate)  after more than `patience` epochs without improvement
 *     improvement: value < best · (1 − threshold), or best − threshold; with mode 'max' value > best · (1 + threshold), …
 *
 *     val_loss  ╲___________           ╲_________
 *     rate      ────────────┐
 *                           └────────────────────
 *                 |patience|
 *
 * It has to be told the logs: the trainer does so at the end of every epoch, with its `schedule` option; elsewhere call
 * `observe` yourself. Relative thresholds suppose values above 0, as in PyTorch, whose `ReduceLROnPlateau` this is
 * (without the rule that drops of 1e-8 and less are none). A value that is NaN is no improvement. It goes on from training to
 * training and is not saved with a model: make a new one for a new training.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @throws Error from `observe`, if the logs lack the metric.
 * @example
 * ```ts
 * import {reduceOnPlateau} from '@gradwire/optimizers';
 *
 * const schedule = reduceOnPlateau({rate: 1, factor: 0.5, patience: 1});
 * for (const val_loss of [0.9, 0.8, 0.85, 0.8]) schedule.observe({val_loss});
 * console.log(schedule()); // 0.5
 * ```
 */
export function reduceOnPlateau(options: ReduceOnPlateauOptions): PlateauSchedule {
  const {rate, factor, patience, metric, mode, threshold, thresholdMode, cooldown, end} = validated(options);
  const sign = mode === 'min' ? 1 : -1;
  const improves = (value: number, best: number): boolean => {
    if (thresholdMode === 'absolute') return sign * value < sign * best - threshold;
    return sign * value < sign * best * (1 - sign * threshold);
  };
  let current = rate;
  let best = sign * Infinity;
  let bad = 0;
  let resting = 0;
  const observe = (logs: Readonly<Record<string, number>>): void => {
    const value = logs[metric];
    if (value === undefined) {
      const there = Object.keys(logs).join(', ');
      throw new Error(
        `reduceOnPlateau: there is no '${metric}' in the logs, only ${there || 'nothing'}. Set the option metric` +
          `${metric.startsWith('val_') ? ', or train with validation data' : ''}.`,
      );
    }
    if (improves(value, best)) {
      best = value;
      bad = 0;
    } else bad++;
    if (resting > 0) {
      resting--;
      bad = 0;
    }
    if (bad > patience) {
      current = Math.min(current, Math.max(current * factor, end));
      resting = cooldown;
      bad = 0;
    }
  };
  return Object.assign(() => current, {observe});
}

function validated(options: ReduceOnPlateauOptions): Required<ReduceOnPlateauOptions> {
  const where = 'reduceOnPlateau';
  const given = requireOptions(where, options, {
    rate: 0.1,
    factor: 0.1,
    patience: 10,
    metric: "'val_loss'",
    mode: "'min'",
    threshold: 1e-4,
    thresholdMode: "'relative'",
    cooldown: 0,
    end: 0,
  });
  const {rate, factor = 0.1, patience = 10, metric = 'val_loss', mode = 'min', threshold = 1e-4} = given;
  const {thresholdMode = 'relative', cooldown = 0, end = 0} = given;
  requireNonNegative(where, {rate, threshold, end});
  requirePositive(where, {factor});
  if (factor >= 1) throw new RangeError(`${where}: factor must be < 1, got ${factor}.`);
  requireInteger(where, {patience, cooldown}, 0);
  if (typeof metric !== 'string') {
    throw new TypeError(`${where}: metric must be a name, e.g. 'val_loss', got ${describeValue(metric)}.`);
  }
  if (mode !== 'min' && mode !== 'max') {
    throw new RangeError(`${where}: mode must be 'min' or 'max', got ${describeValue(mode)}.`);
  }
  if (thresholdMode !== 'relative' && thresholdMode !== 'absolute') {
    throw new RangeError(
      `${where}: thresholdMode must be 'relative' or 'absolute', got ${describeValue(thresholdMode)}.`,
    );
  }
  return {rate, factor, patience, metric, mode, threshold, thresholdMode, cooldown, end};
}
