import {describeValue, type Initializer, initialValues, mixSeeds} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {counted} from '../counted.js';
import {defineTreatment, type Treatment} from '../treatment.js';

/**
 * Gives the parameters that globs match new values, and makes the optimizer forget.
 *
 * @param rules initializers by glob, as `initialize` of a remedy has them.
 * @throws TypeError if `rules` is no record of functions.
 * @example
 * ```ts
 * import {heNormal} from '@gradwire/init';
 * import {initializeParameters, onAlert} from '@gradwire/remedies';
 *
 * const remedy = onAlert('poorInitialization', initializeParameters({'**\/kernel': heNormal()}));
 * ```
 */
export function initializeParameters(rules: Readonly<Record<string, Initializer>>): Treatment {
  const isRecord = typeof rules === 'object' && rules !== null && !Array.isArray(rules);
  if (!isRecord || !Object.values(rules).every((initializer) => typeof initializer === 'function')) {
    throw new TypeError(
      `initializeParameters: rules must be initializers by glob, e.g. {'**/kernel': heNormal()}, got ${describeValue(rules)}.`,
    );
  }
  return defineTreatment('initializeParameters', (training) => {
    const seed = mixSeeds(training.seed, training.step);
    const parameters = tf.tidy(() => {
      const values = initialValues('initializeParameters', rules, training.variables, seed);
      for (const {variable, value} of values) variable.assign(value);
      return [...new Set(values.map(({variable}) => variable.name))];
    });
    training.optimizer.reset();
    return {change: `new values for ${counted(parameters.length, 'parameter')}`, parameters};
  });
}
