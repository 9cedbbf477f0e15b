import {type Initializer, initialValues, requireOptions, requireInteger} from '@gradwire/core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {assignAll} from './assignAll.js';
import {randomSeed} from './randomSeed.js';
import {requireRules} from './requireRules.js';
import {variablesOf} from './variablesOf.js';

/** The options of {@link reinitialize}. */
export interface ReinitializeOptions {
  /** Which weights the model gets; a whole number >= 0. Without it they are others every time. */
  readonly seed?: number;
}

/**
 * Gives weights of a model new values: of one just built, of a trained or of a loaded one.
 *
 * Each weight gets a seed of its own, which follows from `seed` and its name: kernels of one shape never get one value, and the
 * same model, built again, gets the same ones. All kinds of weights can be meant, frozen ones and moving averages too. Where two
 * globs match a weight, the last one counts. It happens as a whole: when something throws, no weight has changed.
 *
 * An optimizer keeps what it remembers of the old weights; compile the model again.
 *
 * @param model what has the weights.
 * @param rules initializers by glob over the weights' names: `'**\/kernel'` are all kernels. `*` stops at a slash and `**` does not.
 * @param options the seed.
 * @returns the names of the weights that have been given values.
 * @throws Error if a glob matches nothing, or an initializer gives a wrong shape or does not take this one.
 * @throws RangeError if `seed` is no whole number.
 * @throws TypeError if an initializer is no function.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {constant, heNormal, reinitialize} from '@gradwire/init';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3], name: 'redrawn'})]});
 * const names = reinitialize(model, {'**\/kernel': heNormal(), '**\/bias': constant({value: 0.1})}, {seed: 42});
 * console.log(names); // ['redrawn/kernel', 'redrawn/bias']
 * ```
 */
export function reinitialize(
  model: tfl.LayersModel,
  rules: Readonly<Record<string, Initializer>>,
  options: ReinitializeOptions = {},
): string[] {
  const {seed = randomSeed()} = requireOptions(
    'reinitialize',
    options,
    {seed: 42},
    "model, {'**/kernel': heNormal()}, ",
  );
  requireInteger('reinitialize', {seed}, 0);
  requireRules(rules);
  return assignAll(() => initialValues('reinitialize', rules, variablesOf(model), seed));
}
