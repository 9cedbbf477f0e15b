import type {RemedyEffect} from '@gradwire/core';

/** The losses of the last steps. */
export class LossWindow {
  readonly #losses: number[] = [];

  constructor(readonly size: number) {}

  push(loss: number): void {
    this.#losses.push(loss);
    if (this.#losses.length > this.size) this.#losses.shift();
  }

  clear(): void {
    this.#losses.length = 0;
  }

  get losses(): readonly number[] {
    return [...this.#losses];
  }
}

/** What came of a change, and whether it made things worse; see `onAlert`. */
export function effectOf(before: readonly number[], since: readonly number[], steps: number): RemedyEffect {
  const old = before.filter(Number.isFinite);
  const late = since.slice(since.length >> 1);
  const isBroken = late.some((loss) => !Number.isFinite(loss));
  const [was, now] = [mean(old), isBroken ? undefined : mean(late)];
  const error = Math.hypot(standardError(old), standardError(late));
  const isHigher =
    was !== undefined && now !== undefined && now > was + Math.max(0.1 * Math.abs(was), 2 * error);
  return {
    steps,
    isWorse: isBroken || isHigher,
    ...(was === undefined ? {} : {before: was}),
    ...(now === undefined ? {} : {after: now}),
  };
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const center = mean(values)!;
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
