import * as tf from '@tensorflow/tfjs-core';
import type {GradientTransform} from './gradientTransform.js';
import {mapTensors} from './mapTensors.js';
import type {NamedTensors} from './namedTensors.js';
import {requireInteger} from './require.js';
import {requireOptions} from './requireOptions.js';

/** Options of {@link accumulateGradients}. */
export interface AccumulateGradientsOptions {
  /** Batches that make one update; a whole number >= 1. */
  readonly steps: number;
}

/** Batches since the last update, and the sums of the gradients that wait for the next. */
interface Accumulated {
  readonly count: number;
  readonly sums: NamedTensors;
  readonly [key: string]: number | NamedTensors;
}

/**
 * Collects the gradients of several batches and passes their mean on as one: the update of a batch that does not fit into
 * memory.
 *
 *     g ← (g₁ + … + gₙ) / n,  n = steps
 *
 * In the first n − 1 of n batches there is no update: the transforms after it do not run, and neither optimizer nor step
 * counter moves. So what stands after it, clipping above all, works on the mean, and noise is added once. With batches of
 * equal size and a loss that is a mean, the update is that of one batch of n times the size. A parameter counts as zero in
 * batches in which it has no gradient; if that is the last of them, its sum waits for the next update. Holds one copy of
 * the gradients; any shapes, dtypes stay.
 *
 * @throws RangeError if `steps` is not a whole number >= 1.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {accumulateGradients, transformGradients} from '@gradwire/core';
 *
 * const w = tf.variable(tf.scalar(0), true, 'accumulateGradientsExample');
 * const optimizer = transformGradients(tf.train.sgd(1), accumulateGradients({steps: 2}));
 * for (const slope of [1, 3]) optimizer.minimize(() => tf.mul(slope, w) as tf.Scalar);
 * w.print(); // -2
 * ```
 */
export function accumulateGradients(options: AccumulateGradientsOptions): GradientTransform<Accumulated> {
  const {steps} = requireOptions('accumulateGradients', options, {steps: 4});
  requireInteger('accumulateGradients', {steps}, 1);
  return Object.freeze({
    name: 'accumulateGradients',
    config: {steps},
    traits: {kind: 'accumulate'} as const,
    init: (params: NamedTensors): Accumulated => ({count: 0, sums: zeros(params)}),
    update(grads: NamedTensors, state: Accumulated) {
      const count = state.count + 1;
      const sums = mapTensors(grads, (grad, name) => tf.add(state.sums[name]!, grad));
      if (count < steps) return [{}, {count, sums: {...state.sums, ...sums}}] as const;
      const means = mapTensors(sums, (sum) => tf.div(sum, steps));
      return [means, {count: 0, sums: {...state.sums, ...zeros(sums)}}] as const;
    },
  });
}

function zeros(tensors: NamedTensors): NamedTensors {
  return mapTensors(tensors, (tensor) => tf.zerosLike(tensor));
}
