import {
  describeValue,
  requireInteger,
  requireOptions,
  requirePositive,
  setLearningRate,
  transformGradients,
} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';
import {hostYielder} from './hostYielder.js';
import {rememberVariables} from './rememberVariables.js';
import {requireFraction} from './requireFraction.js';
import {steepestDescent} from './steepestDescent.js';

/** The options of {@link findLearningRate}. */
export interface FindLearningRateOptions {
  /** Makes the optimizer whose rate is looked for. It is used for this only, and disposed. */
  readonly optimizer: () => tf.Optimizer;
  /** The loss of a batch, as `minimize` takes it: another batch for every step, from 0. */
  readonly loss: (step: number) => tf.Scalar;
  /** What is trained; default all trainable variables that `loss` uses. */
  readonly variables?: readonly tf.Variable[];
  /** The first rate; > 0, default 1e-7. */
  readonly from?: number;
  /** The last rate, if the loss does not diverge before; above `from`, default 10. */
  readonly to?: number;
  /** How many rates are tried; a whole number >= 2, default 100. */
  readonly steps?: number;
  /** Share of the smoothed loss that stays in every step; in [0, 1), default 0.8. */
  readonly smoothing?: number;
  /** Ends it early, at the next step. */
  readonly signal?: AbortSignal;
}

/** What {@link findLearningRate} has seen: plain data, one entry per step in each list. */
export interface LearningRateRange {
  /** The rates, growing by the same factor from one to the next: the horizontal axis, logarithmic. */
  readonly rates: readonly number[];
  /** The loss of each step's batch, before the update at the step's rate. */
  readonly losses: readonly number[];
  /** The same, smoothed. */
  readonly smoothed: readonly number[];
  /** The rate at which the losses fall fastest; absent where they do not fall. */
  readonly suggestion?: number;
  /** The rate of the step that was the last because its loss was too large or not finite; absent where none was. */
  readonly divergedAt?: number;
}

/**
 * Tries learning rates from tiny to huge, one per step, and sees where the loss falls fastest and where it diverges: the
 * learning-rate range test.
 *
 *     rateᵢ = from · (to / from)^(i / (steps − 1))
 *     smoothedᵢ: moving average of the losses, m ← smoothing · m + (1 − smoothing) · loss, over 1 − smoothingⁱ⁺¹
 *
 *     loss ─────╮                 ╷
 *               ╰╮ suggestion     │
 *                ╰─╮             ╭╯ divergedAt
 *                  ╰────────────╯
 *         1e-7        1e-3        10
 *
 * It ends where the smoothed loss exceeds both the first one and its minimum by three times that minimum's size (4 times the
 * minimum for losses above 0), or is not finite. A loss that is not finite is not in the lists.
 *
 * The suggestion is the middle of the tenth of the steps in which the losses themselves fall fastest over the logarithm of
 * the rate, as a straight line through them tells, before the minimum; there is none where they fall no more than their
 * noise. It is where to begin looking, and the curve says more than one number: on two small classification tasks, with SGD,
 * momentum and Adam, the best constant rates were 0.1 to 1 times the suggestion, once 3 times. More steps give a calmer
 * curve, and smaller suggestions, since more updates have been made on the way to each rate. Smoothing makes the smoothed
 * curve late by about smoothing / (1 − smoothing) steps.
 *
 * Afterwards all variables that there were before have their values again, bit for bit, moving statistics too, and also if
 * something throws. Nothing else is put back: not the state of a generator or dataset that `loss` takes its batches from. A
 * loss is read back in every step, and the host gets its turn every 25 ms.
 *
 * @returns the curve; does not reject because the loss diverges.
 * @throws RangeError or TypeError that names the option that is wrong.
 * @throws Error if the very first loss is not finite, or the optimizer follows a schedule; whatever `loss` throws; the reason of `signal`.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {findLearningRate} from '@gradwire/optimizers';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [3]})]});
 * const [x, y] = [tf.randomNormal([32, 3], 0, 1, 'float32', 1), tf.ones([32, 1])];
 * const {rates, smoothed, suggestion} = await findLearningRate({
 *   optimizer: () => tf.train.sgd(0.1),
 *   loss: () => tf.losses.meanSquaredError(y, model.apply(x) as tf.Tensor) as tf.Scalar,
 *   from: 1e-5,
 *   steps: 50,
 * });
 * console.log(suggestion); // and rates and smoothed are what to plot
 * ```
 * @see Smith (2015), "Cyclical Learning Rates for Training Neural Networks", arXiv:1506.01186, section 3.3.
 */
export async function findLearningRate(options: FindLearningRateOptions): Promise<LearningRateRange> {
  const {make, loss, variables, from, to, steps, smoothing, signal} = validated(options);
  signal?.throwIfAborted();
  // The wrapper frees what momentum would leak, and whatever a step that throws leaves behind.
  const optimizer = transformGradients(make());
  const putBack = rememberVariables();
  const [rates, losses, smoothed]: [number[], number[], number[]] = [[], [], []];
  let [mean, lowest] = [0, Infinity];
  const shown = (divergedAt?: number): LearningRateRange => {
    const place = steepestDescent(losses, smoothed.indexOf(lowest), steps);
    return {
      rates,
      losses,
      smoothed,
      ...(place !== undefined && {suggestion: rates[place]!}),
      ...(divergedAt !== undefined && {divergedAt}),
    };
  };
  const yieldToHost = hostYielder();
  try {
    for (let step = 0; step < steps; step++) {
      const rate = from * (to / from) ** (step / (steps - 1));
      setLearningRate(optimizer, rate);
      const value = await read(optimizer.minimize(() => loss(step), true, variables)!);
      if (!Number.isFinite(value)) {
        if (step > 0) return shown(rate);
        throw new Error(`findLearningRate: the first loss is ${value}; no rate can be found from there.`);
      }
      mean = smoothing * mean + (1 - smoothing) * value;
      const smooth = mean / (1 - smoothing ** (step + 1));
      lowest = Math.min(lowest, smooth);
      rates.push(rate);
      losses.push(value);
      smoothed.push(smooth);
      if (smooth > Math.max(smoothed[0]!, lowest + 3 * Math.abs(lowest))) return shown(rate);
      await yieldToHost();
      signal?.throwIfAborted();
    }
    return shown();
  } finally {
    putBack();
    optimizer.dispose();
  }
}

async function read(loss: tf.Scalar): Promise<number> {
  try {
    return (await loss.data())[0]!;
  } finally {
    loss.dispose();
  }
}

function validated(options: FindLearningRateOptions) {
  const where = 'findLearningRate';
  const given = requireOptions(where, options, {
    optimizer: '() => tf.train.adam()',
    loss: '(step) => lossOf(batches[step])',
    variables: '[w]',
    from: 1e-7,
    to: 10,
    steps: 100,
    smoothing: 0.8,
    signal: 'controller.signal',
  });
  const {optimizer: make, loss, from = 1e-7, to = 10, steps = 100, smoothing = 0.8, signal} = given;
  for (const [name, value] of Object.entries({optimizer: make, loss})) {
    if (typeof value === 'function') continue;
    throw new TypeError(`${where}: ${name} must be a function, got ${describeValue(value)}.`);
  }
  requirePositive(where, {from, to});
  if (to <= from) throw new RangeError(`${where}: to must be > from, which is ${from}, got ${to}.`);
  requireInteger(where, {steps}, 2);
  requireFraction(where, {smoothing});
  const variables = given.variables === undefined ? undefined : [...given.variables];
  return {make, loss, variables, from, to, steps, smoothing, signal};
}
