import type {InitialValue} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Assigns what `make` returns, once all of it is there: if it throws, no weight has changed. Variables keep their dtypes.
 *
 * @returns the names of the variables, each once.
 */
export function assignAll(make: () => readonly InitialValue[]): string[] {
  return tf.tidy(() => {
    const values = make().map(({variable, value}) => ({variable, value: tf.cast(value, variable.dtype)}));
    for (const {variable, value} of values) variable.assign(value);
    return [...new Set(values.map(({variable}) => variable.name))];
  });
}
