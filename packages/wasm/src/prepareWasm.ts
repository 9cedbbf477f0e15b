import '@tensorflow/tfjs-backend-wasm';
import {registerKernels} from './registerKernels.js';
import {allowRelaxedSimd} from './simd/allowRelaxedSimd.js';
import {MOST_THREADS, useThreads} from './threads/useThreads.js';

/** Options of {@link prepareWasm}. */
export interface WasmOptions {
  /**
   * Threads to compute with in Node, from 1 to 64; default: as many as have been chosen by an earlier call, or one per
   * physical core. 1 keeps the plain build of TensorFlow.js. Browsers keep its own way (`setThreadsCount`), whatever is
   * given here.
   */
  readonly threads?: number;
}

/**
 * Prepares TensorFlow.js' WebAssembly backend for training: products with transposed factors as fast as plain ones, the
 * backward kernels that it lacks (convolutions and embeddings among them), and threads in Node.
 *
 * Registers kernels on top of the shipped ones under the name 'wasm'; the backend itself is set with `tf.setBackend`, before
 * or after. Called once more it does nothing, or changes the number of threads. Where the backend is running already, its
 * tensors stay valid: they move when they are next used. Threads never keep a program from ending. Where they cannot start
 * (a bundled program without `node_modules`, a process without the right to start workers), a warning says so and one thread
 * computes.
 *
 * Products use fused multiply-add where the engine has it, so that results differ in the last bits from those of the shipped
 * kernels; they do not depend on the number of threads.
 *
 * @throws RangeError if `threads` is not a whole number from 1 to 64.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {prepareWasm} from '@gradwire/wasm';
 *
 * await prepareWasm({threads: 2});
 * await tf.setBackend('wasm');
 *
 * const filter = tf.variable(tf.ones([3, 3, 1, 4]));
 * const images = tf.ones([8, 28, 28, 1]) as tf.Tensor4D;
 * const gradient = tf.grad((x) => tf.conv2d(images, x as tf.Tensor4D, 1, 'same'))(filter);
 * console.log(gradient.shape); // [3, 3, 1, 4]
 * ```
 */
export async function prepareWasm({threads}: WasmOptions = {}): Promise<void> {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) {
    throw new RangeError(
      `prepareWasm: threads must be a whole number from 1 to ${MOST_THREADS}, got ${String(threads)}.`,
    );
  }
  registerKernels();
  if (typeof process === 'undefined' || process.versions?.node === undefined) return;
  allowRelaxedSimd();
  await useThreads(threads);
}
