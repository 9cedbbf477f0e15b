import {cpus} from 'node:os';

/** One way of doing a job; returns when the job is done. */
export type Contender = () => Promise<void>;

/** Several ways of doing the same job, measured side by side. */
export interface Comparison {
  readonly name: string;
  /** Optimizer steps (or other units) in one call of a contender. */
  readonly units: number;
  /** Timed rounds; every contender is called once in each. */
  readonly rounds: number;
  readonly contenders: Readonly<Record<string, Contender>>;
  /** Pairs whose ratio counts, with the ratio that is aimed at. */
  readonly ratios: readonly {readonly of: string; readonly to: string; readonly atMost: number}[];
}

/** Milliseconds per unit: the median, and the quartiles as spread. */
export interface Timing {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

/** The outcome of one {@link Comparison}. */
export interface Outcome {
  readonly name: string;
  readonly timings: Readonly<Record<string, Timing>>;
  /** The median of the rounds' ratios: what slows the machine for a while slows both sides of a round. */
  readonly ratios: readonly {of: string; to: string; ratio: Timing; atMost: number}[];
}

/** Runs every contender once to warm up, then in rounds whose order turns by one each time. */
export async function compare({name, units, rounds, contenders, ratios}: Comparison): Promise<Outcome> {
  const names = Object.keys(contenders);
  const times: Record<string, number[]> = Object.fromEntries(names.map((key) => [key, []]));
  for (const key of names) await contenders[key]!();
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const key = names[(i + round) % names.length]!;
      const began = performance.now();
      await contenders[key]!();
      times[key]!.push((performance.now() - began) / units);
    }
  }
  return {
    name,
    timings: Object.fromEntries(names.map((key) => [key, quartiles(times[key]!)])),
    ratios: ratios.map(({of, to, atMost}) => ({
      of,
      to,
      atMost,
      ratio: quartiles(times[of]!.map((time, i) => time / times[to]![i]!)),
    })),
  };
}

/** What the figures were measured with. */
export function environment(versions: Readonly<Record<string, string>>): Record<string, string> {
  const [cpu] = cpus();
  return {node: process.version, cpu: `${cpu?.model ?? 'unknown'}, ${cpus().length} threads`, ...versions};
}

function quartiles(values: readonly number[]): Timing {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return sorted[below]! + (position - below) * (next - sorted[below]!);
  };
  return {median: at(0.5), q1: at(0.25), q3: at(0.75)};
}
