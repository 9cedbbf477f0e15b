import {describeValue, requireInteger, requireNonNegative, requireOptions} from '@gradwire/core';
import {cosine, linear} from './anneal.js';

/** The options of {@link oneCycle}. */
export interface OneCycleOptions {
  /** The highest rate; >= 0. {@link findLearningRate} helps to find it. */
  readonly peak: number;
  /** Updates of the whole training; a whole number >= 2. */
  readonly steps: number;
  /** Updates on the way up; a number from 1 to `steps`, default 0.3 · `steps`. */
  readonly warmup?: number;
  /** The rate at step 0; >= 0, default `peak` / 25. */
  readonly rate?: number;
  /** The rate at the last update and from there on; >= 0, default `rate` / 10000. */
  readonly end?: number;
  /** The form of both ways, default `'cosine'`. */
  readonly shape?: 'cosine' | 'linear';
}

/**
 * Up to a high rate and down to almost nothing, once in a training: the 1cycle policy, for training in few steps.
 *
 *     peak      ╭─╮
 *              ╭╯ ╰─╮
 *     rate   ──╯    ╰─╮
 *     end             ╰─────
 *           0   warmup   steps
 *
 *     from `rate` at step 0 to `peak` at step warmup − 1, and on to `end` at step steps − 1
 *
 * The `warmup`-th update has the peak and the last one the end, as in PyTorch's `OneCycleLR`, whose defaults these are.
 * Momentum, which PyTorch cycles too, stays as it is: optimizers of tfjs cannot change it.
 *
 * @throws RangeError that names the option that is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {oneCycle} from '@gradwire/optimizers';
 *
 * const rate = oneCycle({peak: 1, steps: 101, warmup: 31, rate: 0, end: 0, shape: 'linear'});
 * console.log([0, 15, 30, 65, 100].map(rate)); // [0, 0.5, 1, 0.5, 0]
 * ```
 * @see Smith, Topin (2017), "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates",
 * arXiv:1708.07120; Smith (2018), "A disciplined approach to neural network hyper-parameters: Part 1", arXiv:1803.09820.
 */
export function oneCycle(options: OneCycleOptions): (step: number) => number {
  const known = {peak: 0.1, steps: 1000, warmup: 300, rate: 0.004, end: 4e-7, shape: "'cosine'"};
  const given = requireOptions('oneCycle', options, known);
  requireNonNegative('oneCycle', {peak: given.peak});
  requireInteger('oneCycle', {steps: given.steps}, 2);
  const {peak, steps, warmup = 0.3 * steps, rate = peak / 25, end = rate / 1e4, shape = 'cosine'} = given;
  requireNonNegative('oneCycle', {warmup, rate, end});
  if (given.warmup !== undefined && !(warmup >= 1 && warmup <= steps)) {
    throw new RangeError(`oneCycle: warmup must be from 1 to steps, which is ${steps}, got ${warmup}.`);
  }
  if (!Object.hasOwn(shapes, shape)) {
    throw new RangeError(`oneCycle: shape must be 'cosine' or 'linear', got ${describeValue(shape)}.`);
  }
  const anneal = shapes[shape];
  const [top, last] = [warmup - 1, steps - 1];
  return (step) =>
    step < top
      ? anneal(rate, peak, step / top)
      : anneal(peak, end, last > top ? (step - top) / (last - top) : 0);
}

const shapes = {cosine, linear};
