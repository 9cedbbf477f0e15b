import type {Undo} from './installGpu.js';

/** A backend that may be there. */
export interface Candidate {
  /** Name for people and for the preference. */
  readonly name: string;
  /** Name in TensorFlow.js. */
  readonly backend: string;
  /** The packages that bring it; none for one that has been registered by the application. */
  readonly packages?: readonly string[];
  /** Throws if it may start, but is not worth it unless it is asked for by name. */
  check?(): Promise<void>;
  /** Makes ready what it needs, before every start; returns what takes that back should the start fail. */
  prepare?(): Promise<Undo | undefined>;
  /** Imports the package, which registers the backend; not called if it is registered already. */
  load?(): Promise<unknown>;
}
