import {arch, cpus, platform} from 'node:os';
import {Bench} from 'tinybench';

/** One way of doing a job. */
export interface Contender {
  /** Optimizer steps in one call of `run`. */
  readonly steps: number;
  /** Of what it is made of, where this process does not know. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Returns when they are done; the milliseconds that they took, where it has taken the time itself. */
  run(): Promise<number | void>;
}

/** Two contenders whose times' quotient counts, with the bound that is aimed at. */
interface Aim {
  readonly of: string;
  readonly to: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Several ways of doing the same job, measured side by side. */
export interface Comparison {
  readonly name: string;
  /** Timed rounds; every contender is called once in each. */
  readonly rounds: number;
  readonly contenders: Readonly<Record<string, Contender>>;
  readonly aims: readonly Aim[];
}

/** Milliseconds per step: the median, and the quartiles as spread. */
interface Timing {
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

/** The outcome of one {@link Comparison}. */
export interface Outcome {
  readonly name: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly timings: Readonly<Record<string, Timing>>;
  /** The median of the rounds' ratios: what slows the machine for a while slows both sides of a round. */
  readonly ratios: readonly (Aim & {readonly ratio: Timing; readonly reached: boolean})[];
}

/** Runs every contender once to warm up, then in rounds whose order turns by one each time; tinybench takes the time. */
export async function compare({name, rounds, contenders, aims}: Comparison): Promise<Outcome> {
  const names = Object.keys(contenders);
  const times: Record<string, number[]> = Object.fromEntries(names.map((key) => [key, []]));
  const bench = new Bench({name, time: 0, iterations: 1, warmup: false, throws: true});
  for (const key of names) {
    const {run} = contenders[key]!;
    await run();
    const timed = async () => {
      const taken = await run();
      return taken === undefined ? undefined : {overriddenDuration: taken};
    };
    bench.add(key, timed, {async: true});
  }
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const key = names[(i + round) % names.length]!;
      const task = bench.getTask(key)!;
      task.reset();
      const {result} = await task.run();
      if (result.state !== 'completed') throw new Error(`${key}: ${result.state}`);
      times[key]!.push(result.latency.p50 / contenders[key]!.steps);
    }
  }
  return {
    name,
    versions: Object.assign({}, ...names.map((key) => contenders[key]!.versions)) as Record<string, string>,
    timings: Object.fromEntries(names.map((key) => [key, quartiles(times[key]!)])),
    ratios: aims.map((aim) => {
      const ratio = quartiles(times[aim.of]!.map((time, i) => time / times[aim.to]![i]!));
      const {atMost = Infinity, atLeast = 0} = aim;
      return {...aim, ratio, reached: ratio.median <= atMost && ratio.median >= atLeast};
    }),
  };
}

/** What the figures were measured with. */
export function environment(versions: Readonly<Record<string, string>>): Record<string, string> {
  const [cpu] = cpus();
  return {
    node: process.version,
    os: `${platform()} ${arch()}`,
    cpu: `${cpu?.model ?? 'unknown'}, ${cpus().length} threads`,
    ...versions,
  };
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
