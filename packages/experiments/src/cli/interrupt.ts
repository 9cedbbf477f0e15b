/** Listens for Ctrl-C and for `kill`. */
export interface Interrupt {
  /** Aborted by the first of them. */
  readonly signal: AbortSignal;
  /** Listens no more. */
  dispose(): void;
}

/** The exit code of a process that was interrupted. */
export const INTERRUPTED = 130;

/**
 * The first signal asks what goes on to end, the second ends the process.
 *
 * @param onFirst says so to whoever waits.
 * @param onSecond frees what would outlive the process.
 */
export function listenForInterrupt(onFirst: () => void, onSecond: () => void = () => {}): Interrupt {
  const abort = new AbortController();
  const listener = (): void => {
    if (abort.signal.aborted) {
      onSecond();
      process.exit(INTERRUPTED);
    }
    abort.abort();
    onFirst();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, listener);
  return {
    signal: abort.signal,
    dispose: () => {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
