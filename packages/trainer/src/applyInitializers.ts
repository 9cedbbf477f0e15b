import {initialValues} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
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
        : [{remedy: name, values: initialValues(`${name}: initialize`, initialize, variables, seed)}],
    );
    for (const {values} of planned) for (const {variable, value} of values) variable.assign(value);
    return planned.map(({remedy, values}) => ({
      remedy,
      parameters: values.map(({variable}) => variable.name),
    }));
  });
}
