import * as tf from '@tensorflow/tfjs-core';
import type {Candidate} from './candidates.js';

/** Loads a backend unless it is registered, sets it, and waits until it is ready. */
export async function startBackend({backend, load}: Candidate): Promise<void> {
  if (tf.findBackendFactory(backend) === null) await load?.();
  if (await tf.setBackend(backend)) return;
  // TensorFlow.js has kept the error to itself, or another call has set a backend in the meantime.
  await tf.findBackendFactory(backend)();
  if (!(await tf.setBackend(backend))) throw new Error('could not be initialized');
}
