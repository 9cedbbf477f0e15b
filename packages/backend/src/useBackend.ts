import type {BackendChoice, BackendPreference} from './backendChoice.js';
import {candidatesHere} from './candidates.js';
import {chooseBackend} from './chooseBackend.js';

/**
 * Sets the best TensorFlow.js backend that is installed, and waits until it is ready.
 *
 * `'auto'` keeps a backend that is set or has computed already. Otherwise, the first that starts: in Node
 * `@tensorflow/tfjs-node-gpu`, `@tensorflow/tfjs-node`, webgpu if there is a hardware adapter, wasm, cpu; in a browser
 * what the application has registered by another name, then webgpu and webgl as above, wasm, cpu. Wasm is prepared by
 * `prepareWasm` of `@gradwire/wasm`. Call it before the first tensor or model is made, as TensorFlow.js itself sets a backend
 * then.
 *
 * `'webgpu'` in Node needs the npm package `webgpu`, whose globals and `navigator.gpu` stay set. There, TensorFlow.js reads
 * tensors asynchronously only, so they do not move to another backend.
 *
 * @param preference default `'auto'`. A name is taken even where another backend is in use, and webgpu or webgl even
 *   without a hardware adapter. Tensors move by themselves.
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
