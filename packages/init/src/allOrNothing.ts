import * as tf from '@tensorflow/tfjs-core';

/** Runs what changes variables; if it throws, they are put back. */
export async function allOrNothing<T>(variables: readonly tf.Variable[], run: () => Promise<T>): Promise<T> {
  const before = variables.map((variable) => tf.keep(tf.clone(variable)));
  try {
    return await run();
  } catch (error) {
    for (const [i, variable] of variables.entries()) variable.assign(before[i]!);
    throw error;
  } finally {
    tf.dispose(before);
  }
}
