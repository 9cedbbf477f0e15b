import type {Experiment} from '../experiment.js';
import type {Flag} from '../flag.js';
import {UserError} from '../userError.js';

export type AnyFlag = Flag<unknown>;

/** The flags of an experiment with the names of their options. */
export function flagsOf({flags}: Pick<Experiment<object>, 'flags'>): [option: string, AnyFlag][] {
  return Object.entries(flags);
}

/** A flag's value, where what is wrong with it is the user's to know. */
export function readFlag(flag: AnyFlag, value: unknown, where: string): unknown {
  try {
    return flag.read(value, where);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new UserError(error.message);
    throw error;
  }
}

/** All options, those that are missing by their defaults. */
export function completeOptions(
  experiment: Pick<Experiment<object>, 'name' | 'flags'>,
  some: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const flags = flagsOf(experiment);
  const unknown = Object.keys(some).find((key) => !flags.some(([option]) => option === key));
  if (unknown !== undefined) throw new UserError(`${experiment.name} has no option '${unknown}'.`);
  return Object.fromEntries(
    flags.map(([option, flag]) => [
      option,
      option in some ? readFlag(flag, some[option], option) : flag.default,
    ]),
  );
}
