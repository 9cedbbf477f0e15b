/** Which backend is wanted: the best one, or a certain one. */
export type BackendPreference = 'auto' | 'tfjs-node-gpu' | 'tfjs-node' | 'webgpu' | 'webgl' | 'wasm' | 'cpu';

/**
 * Why a backend was not taken, for programs.
 *
 * - `notInstalled`: its package is not there.
 * - `nativeLibraryMissing`: the package is there; the native library that it needs is not, or does not load.
 * - `nodeTooNew`: it was built for an older Node.
 * - `noAdapter`: WebGPU or WebGL finds no GPU, or only one that is emulated on the CPU.
 * - `notTried`: another one was in use already.
 * - `failed`: anything else that was thrown when it was loaded or started.
 */
export type WhyNot =
  'notInstalled' | 'nativeLibraryMissing' | 'nodeTooNew' | 'noAdapter' | 'notTried' | 'failed';

/** A backend that was not taken. */
export interface PassedOver {
  /** As in {@link BackendPreference}, or TensorFlow.js's name of a backend that the application has registered. */
  readonly name: string;
  /** Why, for programs. */
  readonly code: WhyNot;
  /** Why, for people, on one line. */
  readonly reason: string;
}

/** What `useBackend` decided. */
export interface BackendChoice {
  /** TensorFlow.js's name of the backend, e.g. `tensorflow`, `webgpu`, `wasm`, `cpu`; the same as `tf.getBackend()`. */
  readonly backend: string;
  /** What would have come before it, best first. */
  readonly passedOver: readonly PassedOver[];
}
