import {compileSelector, type Initializer, parameterKeys, paramSpec, requireSelection} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {mixSeeds} from './seededRandom.js';
import type {Remedy} from './remedy.js';

/** Parameters that one remedy has given new values. */
export interface Initialized {
  readonly remedy: string;
  readonly parameters: readonly string[];
}

/** Gives the parameters that the remedies' globs match new values: all of them, or none if something does not fit. */
export function applyInitializers(
  remedies: readonly Remedy[],
  variables: readonly tf.Variable[],
  seed: number,
): Initialized[] {
  return tf.tidy(() => {
    const planned = remedies.flatMap(({name, initialize}) =>
      initialize === undefined
        ? []
        : [{remedy: name, values: initialValues(name, initialize, variables, seed)}],
    );
    for (const {values} of planned) for (const {variable, value} of values) variable.assign(value);
    return planned.map(({remedy, values}) => ({
      remedy,
      parameters: values.map(({variable}) => variable.name),
    }));
  });
}

function initialValues(
  where: string,
  initialize: Readonly<Record<string, Initializer>>,
  variables: readonly tf.Variable[],
  seed: number,
): {variable: tf.Variable; value: tf.Tensor}[] {
  const params = Object.fromEntries(variables.map((variable) => [variable.name, variable]));
  const keys = parameterKeys(Object.keys(params));
  return Object.entries(initialize).flatMap(([glob, initializer]) => {
    const names = compileSelector(glob)(params);
    requireSelection(`${where}: initialize`, 'parameter', glob, names, Object.keys(params));
    return [...names].map((name) => {
      const variable = params[name]!;
      const value = initializer(paramSpec(name, variable.shape), mixSeeds(seed, keys[name]!));
      if (value.shape.join() !== variable.shape.join()) {
        throw new Error(
          `${where}: initialize '${glob}' gave shape [${value.shape}] for '${name}', which has [${variable.shape}].`,
        );
      }
      return {variable, value};
    });
  });
}
