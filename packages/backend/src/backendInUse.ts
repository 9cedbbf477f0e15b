import * as tf from '@tensorflow/tfjs-core';

/**
 * The backend that has been set, or that the first tensor has brought up; undefined if none has. Imports alone, of the
 * union package for one, register backends and set none.
 */
export async function backendInUse(): Promise<string | undefined> {
  const name: string | null | undefined = tf.getBackend();
  if (name === undefined || name === null) return undefined;
  // It may be starting, or have failed to start: then TensorFlow.js falls back to another, which nobody has chosen.
  await tf.ready().catch(() => {});
  return tf.getBackend() === name && name in tf.engine().registry ? name : undefined;
}
