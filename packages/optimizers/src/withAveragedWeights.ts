import {describeValue, type GradientOptimizer} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {averagesOf} from './averagesOf.js';

/**
 * Runs a function while the averages of {@link averageWeights} are in the place of the weights, and then puts the trained
 * weights back, bit for bit, also when the function throws.
 *
 * Before the first weights have been averaged, the function sees the trained ones. It may use the model, but not train it:
 * what it does to the weights is lost, and an error. Do not call it while a `fit` is under way, except between its steps and
 * awaited there, as `fit` awaits `onEpochEnd`. Calls may be nested. For the moving statistics of batch normalisation see
 * {@link assignAveragedWeights}. Weights and averages change places without being copied.
 *
 * A loaded optimizer knows its parameters from the first step on; before that, call its `initialize(variables)`.
 *
 * @param optimizer one made with `transformGradients(…, averageWeights())`, or a trainer's; it may be wrapped again.
 * @param fn what to do meanwhile; may be async.
 * @returns what `fn` returns.
 * @throws TypeError if `optimizer` is no GradientOptimizer, or `fn` no function.
 * @throws Error if the optimizer averages nothing, or if weights changed meanwhile; whatever `fn` throws.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {averageWeights, withAveragedWeights} from '@gradwire/optimizers';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [3]})]});
 * const optimizer = transformGradients(tf.train.adam(), averageWeights({decay: 0.99}));
 * model.compile({loss: 'meanSquaredError', optimizer});
 * const [x, y] = [tf.ones([8, 3]), tf.ones([8, 1])];
 * await model.fit(x, y, {epochs: 3, verbose: 0});
 * const loss = await withAveragedWeights(optimizer, () => model.evaluate(x, y, {verbose: 0}));
 * console.log(String(loss));
 * ```
 */
export async function withAveragedWeights<T>(
  optimizer: GradientOptimizer,
  fn: () => T | Promise<T>,
): Promise<T> {
  if (typeof fn !== 'function') {
    throw new TypeError(
      `withAveragedWeights: fn must be a function, got ${describeValue(fn)}. Call withAveragedWeights(optimizer, fn).`,
    );
  }
  const swapped = averagesOf('withAveragedWeights', optimizer)
    .filter(({variable, average}) => variable.dataId !== average.dataId)
    .map(({variable, average}) => {
      const trained = tf.keep(tf.clone(variable));
      variable.assign(average);
      return {variable, trained, dataId: variable.dataId};
    });
  const putBack = (): string[] => {
    const alive = swapped.filter(({variable}) => !variable.isDisposed);
    const changed = alive.filter(({variable, dataId}) => variable.dataId !== dataId);
    for (const {variable, trained} of alive) variable.assign(trained);
    for (const {trained} of swapped) trained.dispose();
    return changed.map(({variable}) => variable.name);
  };
  let changed: string[] = [];
  let result: T;
  try {
    result = await fn();
  } finally {
    changed = putBack();
  }
  if (changed.length === 0) return result;
  throw new Error(
    `withAveragedWeights: ${changed.join(', ')} changed meanwhile. Do not train until it is done; the weights are as before.`,
  );
}
