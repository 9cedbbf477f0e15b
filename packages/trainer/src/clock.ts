/** Where events get their time from. */
export interface Clock {
  /** Milliseconds since 1970, with fractions; never runs backwards. */
  now(): number;
}

/** The clock of the machine: starts at its wall time and goes on monotonically. */
export const systemClock: Clock = Object.freeze({now: () => performance.timeOrigin + performance.now()});
