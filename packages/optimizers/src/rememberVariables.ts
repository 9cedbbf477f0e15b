import * as tf from '@tensorflow/tfjs-core';

/** Remembers the values of all variables that there are; the function that it returns puts them back and forgets them. */
export function rememberVariables(): () => void {
  const values = Object.values(tf.engine().registeredVariables).map((variable) => ({
    variable,
    value: tf.keep(tf.clone(variable)),
  }));
  return () => {
    for (const {variable, value} of values) {
      if (!variable.isDisposed && variable.dataId !== value.dataId) variable.assign(value);
      value.dispose();
    }
  };
}
