import * as tf from '@tensorflow/tfjs-core';
import {describeValue} from './describeValue.js';
import type {Initializer} from './initializer.js';
import {mixSeeds} from './mixSeeds.js';
import {parameterKeys} from './parameterKeys.js';
import {paramSpec} from './paramSpec.js';
import {compileSelector, requireSelection} from './selector.js';

/** A parameter and the value that an initializer has made for it. */
export interface InitialValue {
  readonly variable: tf.Variable;
  readonly value: tf.Tensor;
}

/**
 * What initializers make of the parameters that their globs match; assigns nothing. Run it inside `tf.tidy`.
 *
 * Every parameter gets a seed of its own, mixed from `seed` and its {@link parameterKeys key}: parameters of equal shape get
 * different values, and a model that is built again gets the same ones. Where two globs match a parameter, both values are
 * in the list, in the order of the rules.
 *
 * @param where the function whose rules these are, for errors.
 * @param rules initializers by glob.
 * @param variables all parameters that may be meant.
 * @param seed the seed that all others follow from.
 * @throws Error if a glob matches nothing, or an initializer gives another shape than its parameter has.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {initialValues} from '@gradwire/core';
 *
 * const kernel = tf.variable(tf.zeros([2, 2]), true, 'dense/kernel');
 * const identity = {'**\/kernel': () => tf.eye(2)};
 * for (const {variable, value} of initialValues('example', identity, [kernel], 42)) variable.assign(value);
 * ```
 */
export function initialValues(
  where: string,
  rules: Readonly<Record<string, Initializer>>,
  variables: readonly tf.Variable[],
  seed: number,
): InitialValue[] {
  const params = Object.fromEntries(variables.map((variable) => [variable.name, variable]));
  const keys = parameterKeys(Object.keys(params));
  return Object.entries(rules).flatMap(([glob, initializer]) => {
    const names = compileSelector(glob)(params);
    requireSelection(where, 'parameter', glob, names, Object.keys(params));
    return [...names].map((name) => {
      const variable = params[name]!;
      const value = initializer(paramSpec(name, variable.shape), mixSeeds(seed, keys[name]!));
      if (!(value instanceof tf.Tensor)) {
        throw new TypeError(`${where}: '${glob}' must give a tensor, got ${describeValue(value)}.`);
      }
      if (value.shape.join() !== variable.shape.join()) {
        throw new Error(
          `${where}: '${glob}' gave shape [${value.shape}] for '${name}', which has [${variable.shape}].`,
        );
      }
      return {variable, value};
    });
  });
}
