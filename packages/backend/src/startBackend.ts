import * as tf from '@tensorflow/tfjs-core';
import type {Candidate} from './candidate.js';

/** Starts on their way, by name: a second one would make TensorFlow.js give up the first. */
const starting = new Map<string, Promise<void>>();

/**
 * Prepares a backend, loads it unless it is registered, sets it, and waits until it is ready. Calls at the same time
 * share one start.
 */
export function startBackend(candidate: Candidate): Promise<void> {
  const {name} = candidate;
  const onItsWay = starting.get(name);
  if (onItsWay !== undefined) return onItsWay;
  const started = start(candidate).finally(() => starting.delete(name));
  starting.set(name, started);
  return started;
}

async function start(candidate: Candidate): Promise<void> {
  const undo = await candidate.prepare?.();
  try {
    await loadAndSet(candidate);
  } catch (error) {
    undo?.();
    throw error;
  }
}

async function loadAndSet({backend, load}: Candidate): Promise<void> {
  if (tf.findBackendFactory(backend) === null) await load?.();
  if (await tf.setBackend(backend)) return;
  // TensorFlow.js has kept the error to itself, or another call has set a backend in the meantime.
  await tf.findBackendFactory(backend)();
  if (!(await tf.setBackend(backend))) throw new Error('could not be initialized');
}
