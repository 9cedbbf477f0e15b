import type {BackendChoice, BackendPreference} from './backendChoice.js';
import {candidatesHere} from './candidates.js';
import {chooseBackend} from './chooseBackend.js';

/**
 * Sets the best TensorFlow.js backend that is installed, and waits until it is ready.
 *
 * `'auto'` keeps a backend that is set or has computed already. Otherwise, the first that starts: in Node
 * `@tensorflow/tfjs-node-gpu`, `@tensorflow/tfjs-node`, `@tensorflow/tfjs-backend-wasm`,
 * `@tensorflow/tfjs-backend-cpu`; in a browser what has been registered (WebGL, WebGPU), then wasm, then cpu. All of
 * them are optional: install one, and it is found. Call it before the first tensor is made, as TensorFlow.js itself sets
 * a backend then.
 *
 * @param preference default `'auto'`. A name is taken even where another backend is in use; tensors move by themselves.
 * @returns the backend, and what was passed over and why.
 * @throws RangeError if there is no such preference.
 * @throws Error that says what to install, if the preferred backend, or any, is not to be had; a backend that was in
 *   use stays.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {useBackend} from '@gradwire/backend';
 *
 * const {backend, passedOver} = await useBackend('wasm');
 * console.log(backend); // 'wasm'
 * console.log(passedOver); // []
 * console.log(tf.getBackend()); // 'wasm'
 * ```
 */
export function useBackend(preference: BackendPreference = 'auto'): Promise<BackendChoice> {
  return chooseBackend(preference, candidatesHere());
}
