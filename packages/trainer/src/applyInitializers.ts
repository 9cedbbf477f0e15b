import {compileSelector, type Initializer, parameterKeys, paramSpec} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {mixSeeds} from './seededRandom.js';

/** Gives every parameter that a glob matches a new value; returns their names. */
export function applyInitializers(
  where: string,
  initialize: Readonly<Record<string, Initializer>>,
  variables: readonly tf.Variable[],
  seed: number,
): string[] {
  const params = Object.fromEntries(variables.map((variable) => [variable.name, variable]));
  const keys = parameterKeys(Object.keys(params));
  return Object.entries(initialize).flatMap(([glob, initializer]) => {
    const names = [...compileSelector(glob)(params)];
    if (names.length === 0) {
      throw new Error(
        `${where}: initialize '${glob}' matches no parameter. Parameters: ${Object.keys(params).join(', ')}.`,
      );
    }
    for (const name of names) {
      tf.tidy(() => {
        const {shape} = params[name]!;
        params[name]!.assign(initializer(paramSpec(name, shape), mixSeeds(seed, keys[name]!)));
      });
    }
    return names;
  });
}
