import type {WhyNot} from '../backendChoice.js';

/** The wasm backend without what `prepareWasm` adds. */
export const AS_SHIPPED = 'wasm, as shipped';

/** What a backend can do here. Times are medians. */
export interface Measurement {
  readonly name: string;
  readonly available: true;
  /** Whether `useBackend()` takes it if none before it is to be had; else it does so on request, or never. */
  readonly auto: boolean;
  readonly device: string;
  /** That it computes with; null where it does not say. */
  readonly threads: number | null;
  /** Of a product of two 1024 × 1024 matrices. */
  readonly gflops: number | null;
  /** Milliseconds of one training step of the MLP; null if it cannot be trained. */
  readonly mlpMs: number | null;
  /** Of the CNN. */
  readonly cnnMs: number | null;
  /** Why there is no number, one sentence each. */
  readonly problems: readonly string[];
}

/** A backend that is not to be had here. */
export interface Unavailable {
  readonly name: string;
  readonly available: false;
  readonly code: WhyNot;
  readonly reason: string;
}

/** What there is to say of a backend. */
export type Diagnosis = Measurement | Unavailable;

/** What `gradwire-doctor --json` and `gradwire doctor --json` print. */
export interface Report {
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly backends: readonly Diagnosis[];
}
