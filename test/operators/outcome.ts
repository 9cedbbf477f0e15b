/** The backend as tfjs ships it, or after `prepareWasm` with so many threads. */
export type Backend = 'shipped' | {readonly threads: number};

/** What became of tfjs-core's own tests; by name, the second test of a name with ` #2` behind it. */
export interface Outcome {
  readonly passed: readonly string[];
  /** What the failed ones say. */
  readonly failed: Readonly<Record<string, string>>;
  /** Those that upstream itself has switched off. */
  readonly skipped: readonly string[];
}
