import {describeValue, GradientOptimizer} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';
import type {AverageWeightsState} from './averageWeights.js';

/** A parameter and its average. */
export interface Averaged {
  readonly variable: tf.Variable;
  readonly average: tf.Tensor;
}

/**
 * The averages that an optimizer keeps, with the variables that they belong to; empty where none have been taken yet. The
 * averages stay the optimizer's.
 *
 * @throws TypeError if `optimizer` is no GradientOptimizer.
 * @throws Error if it averages nothing, or if its parameters are not there.
 */
export function averagesOf(where: string, optimizer: GradientOptimizer): readonly Averaged[] {
  requireGradientOptimizer(where, optimizer);
  const {count, averages, params} = stateIn(where, optimizer);
  if (count === 0) return [];
  const found = Object.entries(averages).flatMap(([name, average]) => {
    const variable = params[name];
    return variable === undefined || variable.isDisposed ? [] : [{variable, average}];
  });
  if (found.length > 0) return found;
  throw new Error(`${where}: none of the parameters is there: ${Object.keys(averages).join(', ')}. ${HINT}`);
}

const HINT = 'Of a loaded optimizer, call initialize(variables) first.';

function stateIn(
  where: string,
  optimizer: GradientOptimizer,
): AverageWeightsState & Pick<GradientOptimizer, 'params'> {
  for (let place: tf.Optimizer = optimizer; isGradientOptimizer(place); place = place.inner) {
    const transform = place.transforms.find(({name}) => name === 'averageWeights');
    if (transform === undefined) continue;
    // Before the first step there is no state.
    const state = place.stateOf(transform) as AverageWeightsState | undefined;
    return {params: place.params, ...(state ?? {count: 0, averages: {}})};
  }
  throw new Error(
    `${where}: the optimizer averages nothing. Give it averageWeights() as a transform of its own, not inside another.`,
  );
}

function requireGradientOptimizer(where: string, value: unknown): void {
  if (isGradientOptimizer(value)) return;
  throw new TypeError(
    `${where}: optimizer must be a GradientOptimizer, e.g. transformGradients(tf.train.adam(), averageWeights()), ` +
      `got ${describeValue(value)}.`,
  );
}

/** By name, since to `instanceof` every optimizer of tfjs is one. */
function isGradientOptimizer(value: unknown): value is GradientOptimizer {
  return (
    (value as Partial<tf.Optimizer> | null | undefined)?.getClassName?.() === GradientOptimizer.className
  );
}
