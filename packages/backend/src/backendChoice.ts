/** Which backend is wanted: the best one, or the one of a package. */
export type BackendPreference = 'auto' | 'tfjs-node-gpu' | 'tfjs-node' | 'wasm' | 'cpu';

/** A backend that was not taken. */
export interface PassedOver {
  /** As in {@link BackendPreference}, or TensorFlow.js's name of a backend that the application has registered. */
  readonly name: string;
  /** Why: `not installed`, `not tried: …`, or what was thrown when it was loaded or started. */
  readonly reason: string;
}

/** What `useBackend` decided. */
export interface BackendChoice {
  /** TensorFlow.js's name of the backend, e.g. `tensorflow`, `wasm`, `cpu`; the same as `tf.getBackend()`. */
  readonly backend: string;
  /** What would have come before it, best first. */
  readonly passedOver: readonly PassedOver[];
}
