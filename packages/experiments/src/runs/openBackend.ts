import {type BackendChoice, type BackendPreference, useBackend} from '@gradwire/backend';
import * as tf from '@tensorflow/tfjs-core';
import {UserError} from '../userError.js';

/** Sets the backend that was asked for, with so many threads where it is wasm. */
export async function openBackend(name: string, threads: number | undefined): Promise<BackendChoice> {
  if (threads !== undefined && (name === 'wasm' || name === 'auto')) {
    const {prepareWasm} = await import('@gradwire/wasm');
    await prepareWasm({threads});
  }
  // On its first tensor, the plain backend advertises another one over several lines.
  tf.env().set('PROD', true);
  try {
    const choice = await useBackend(name as BackendPreference);
    tf.scalar(0).dispose();
    return choice;
  } catch (error) {
    const {message} = error as Error;
    throw new UserError(`--backend ${name}: ${message.replace(/^useBackend: /, '')}`);
  } finally {
    tf.env().set('PROD', false);
  }
}
