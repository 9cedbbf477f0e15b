/** When a rule may speak: options that all rules with a window share. */
export interface WindowOptions {
  /** How many of the last `n` samples must be beyond the threshold; a whole number >= 1. */
  readonly k?: number;
  /** How many samples the window holds; a whole number >= `k`. */
  readonly n?: number;
  /** How many samples at the beginning are not judged; a whole number >= 0. */
  readonly warmup?: number;
}

/** One measurement, judged. */
export interface Sample {
  readonly step: number;
  readonly value: number;
  /** How far beyond the threshold: ill from 1 on; below 1/2, well again. NaN is well. */
  readonly excess: number;
}

/** A judge of samples: returns the window, oldest first, at the sample where an illness begins. */
export type Watch = (sample: Sample) => readonly Sample[] | undefined;

/** Below this excess a sample is well: the looser threshold of the hysteresis. */
const WELL = 0.5;

/**
 * Judges k of n, with hysteresis: fires when at least `k` of the last `n` samples after the warm-up are ill, and not again until
 * fewer than k/2 of the last 2n are beyond half the threshold.
 */
export function kOfN({k, n, warmup}: Required<WindowOptions>): Watch {
  const recent: Sample[] = [];
  let seen = 0;
  let isIll = false;
  return (sample) => {
    if (seen++ < warmup) return undefined;
    recent.push(sample);
    if (recent.length > 2 * n) recent.shift();
    const window = recent.slice(-n);
    if (isIll) isIll = recent.filter(({excess}) => excess >= WELL).length >= k / 2;
    else if (window.filter(({excess}) => excess >= 1).length >= k) {
      isIll = true;
      return window;
    }
    return undefined;
  };
}

/** A sample of one of several subjects. */
export interface SubjectSample<Subject> extends Sample {
  readonly subject: Subject;
}

/** A subject whose illness begins, and the window. */
export interface Fired<Subject> {
  readonly subject: Subject;
  readonly samples: readonly Sample[];
}

/**
 * {@link kOfN} for each of several subjects (layers, parameters, pairs).
 *
 * @param keyOf what tells them apart.
 * @returns a function from samples to those of their subjects whose illness begins, the worst first.
 */
export function eachKOfN<Subject>(
  options: Required<WindowOptions>,
  keyOf: (subject: Subject) => string,
): (samples: readonly SubjectSample<Subject>[]) => Fired<Subject>[] {
  const watches = new Map<string, Watch>();
  return (samples) =>
    samples
      .toSorted((a, b) => b.excess - a.excess || 0)
      .flatMap((sample) => {
        const key = keyOf(sample.subject);
        const watch = watches.get(key) ?? kOfN(options);
        watches.set(key, watch);
        const {subject, ...judged} = sample;
        const fired = watch(judged);
        return fired === undefined ? [] : [{subject, samples: fired}];
      });
}
