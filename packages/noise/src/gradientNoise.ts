import {
  describeValue,
  type GradientTransform,
  type NamedTensors,
  normOfEach,
  requireOptions,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {annealed} from './annealed.js';
import {perturbEach} from './perturbEach.js';
import {requireAnnealing} from './requireAnnealing.js';
import {requireSeed, streamsOf} from './streamsOf.js';

/** The options of {@link gradientNoise}. */
export interface GradientNoiseOptions {
  /**
   * Size of the noise at t = 0, as `formula` has it, in units of the gradient (squared, where it is a variance); >= 0. The
   * paper tries 0.01, 0.3 and 1. Or the size as a function of t.
   */
  readonly eta: number | ((t: number) => number);
  /** How fast the size falls; >= 0, where 0 keeps it. Default 0.55. */
  readonly gamma?: number;
  /** What t counts, from 0: optimizer updates (default) or epochs. Epochs need a loop that knows them: the trainer. */
  readonly unit?: 'step' | 'epoch';
  /** What falls as eta / (1 + t)^gamma: the noise's variance (default), as in the paper, or its standard deviation. */
  readonly formula?: 'variance' | 'deviation';
  /**
   * Whether the deviation is a multiple of each gradient's root mean square, so that noise of size 1 is as long as the
   * gradient, however small that is. Default false: in units of the gradient.
   */
  readonly relative?: boolean;
  /** Seed of the noise; a whole number >= 0. Default: the seed of the run. */
  readonly seed?: number;
}

/**
 * Adds Gaussian noise to every gradient, less with time.
 *
 *     g ← g + N(0, σₜ²),  σₜ² = eta / (1 + t)^gamma                    formula 'variance'
 *                         σₜ  = eta / (1 + t)^gamma                    formula 'deviation'
 *                         σₜ  times ‖g‖₂ / √n, n = entries of g        relative
 *
 * Two published laws are there by name: {@link neelakantan}, and {@link agarap}, whose σₜ is a deviation per epoch. The
 * noise is a pure function of seed, parameter, step and element: the same on every backend to float rounding, in whatever
 * order parameters come, and when a training is resumed; nothing is stored. For the same reason, two of these in one chain
 * add the same noise twice unless each has a seed of its own.
 *
 * Any shapes; holes stay holes. Gradients that are not float32 pass unchanged, and all do where the size is 0. This is no
 * differential privacy: that would take clipping of every single sample's gradient, and an account of what was spent.
 *
 * @throws RangeError if `eta` or `gamma` is negative or not finite, or `seed` is not a whole number >= 0; in a step, if the
 * function `eta` gives such a value.
 * @throws TypeError if an option is of another kind, or unknown, or `gamma` is given beside a function.
 * @throws Error in the first step if `unit` is 'epoch' and nobody tells the epoch.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {gradientNoise} from '@gradwire/noise';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [3]})]});
 * model.compile({
 *   loss: 'meanSquaredError',
 *   optimizer: transformGradients(tf.train.sgd(0.1), gradientNoise({eta: 0.01, seed: 42})),
 * });
 * await model.fit(tf.ones([8, 3]), tf.ones([8, 1]), {epochs: 1, verbose: 0});
 * ```
 * @see Neelakantan et al. (2015), "Adding Gradient Noise Improves Learning for Very Deep Networks", arXiv:1511.06807.
 */
export function gradientNoise(options: GradientNoiseOptions): GradientTransform<undefined> {
  const {
    eta,
    gamma,
    unit,
    formula = 'variance',
    relative = false,
    seed,
  } = requireOptions('gradientNoise', options, {
    eta: 0.3,
    gamma: 0.55,
    unit: "'step'",
    formula: "'variance'",
    relative: 'false',
    seed: 42,
  });
  const annealing = requireAnnealing('gradientNoise', 'eta', {size: eta, gamma, unit}, 0.55);
  const timing = {...(typeof eta === 'number' ? {gamma: annealing.gamma} : {}), unit: annealing.unit};
  requireFormula(formula);
  requireBoolean(relative);
  requireSeed('gradientNoise', seed);

  return stateless(
    'gradientNoise',
    {eta, ...timing, formula, relative, ...(seed === undefined ? {} : {seed})},
    (grads, ctx) => {
      const size = annealed('gradientNoise', 'eta', annealing, ctx);
      const deviation = formula === 'variance' ? Math.sqrt(size) : size;
      if (deviation === 0) return grads;
      const amount = relative ? relativeTo(grads, deviation) : deviation;
      return perturbEach('normal', grads, streamsOf('gradientNoise', grads, ctx, seed), amount);
    },
    {kind: 'noise', scope: 'entry'},
  );
}

/** The deviations in units of each gradient's root mean square. */
function relativeTo(grads: NamedTensors, deviation: number): tf.Tensor {
  const roots = Object.values(grads).map(({size}) => deviation / Math.sqrt(Math.max(1, size)));
  return tf.mul(normOfEach(grads), tf.tensor1d(roots));
}

function requireFormula(formula: unknown): void {
  if (formula === 'variance' || formula === 'deviation') return;
  throw new TypeError(
    `gradientNoise: formula must be 'variance' or 'deviation', got ${describeValue(formula)}.`,
  );
}

function requireBoolean(relative: unknown): void {
  if (typeof relative === 'boolean') return;
  throw new TypeError(`gradientNoise: relative must be true or false, got ${describeValue(relative)}.`);
}
