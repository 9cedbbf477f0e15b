/** A flag of the command line: how it is spelt, what it may be. */
export interface Flag<T> {
  readonly description: string;
  readonly default: T;
  /** One letter. */
  readonly short?: string;
  /** The long name, where it is not the option's own in kebab case: `batch_size`. */
  readonly long?: string;
  /** What stands behind it in `--help`: `<name>`, `<units...>`; none for a switch. */
  readonly argument?: string;
  /** What it may be, where that is a list. */
  readonly choices?: readonly string[];
  /**
   * The value, out of the words of the command line or out of a saved configuration.
   *
   * @param where the flag as the user knows it, for messages: `--epochs`.
   * @throws RangeError that names it, the value, and what it may be.
   */
  read(value: unknown, where: string): T;
}

/** The flags of an experiment, by option. */
export type Flags<O extends object> = {readonly [K in keyof O]-?: Flag<O[K]>};

interface Spelling {
  readonly short?: string;
  readonly long?: string;
}

/** One of several names. */
export function choice<const T extends string>(
  description: string,
  choices: readonly T[],
  preset: NoInfer<T>,
  spelling: Spelling = {},
): Flag<T> {
  return {
    description,
    default: preset,
    ...spelling,
    argument: '<name>',
    choices,
    read(value, where) {
      const found = choices.find((name) => name === value);
      if (found !== undefined) return found;
      throw new RangeError(`${where} must be one of ${choices.join(', ')}, got ${String(value)}.`);
    },
  };
}

/** A whole number. */
export function integer(
  description: string,
  preset: number,
  spelling: Spelling & {min?: number} = {},
): Flag<number> {
  const {min = 1, ...names} = spelling;
  return {
    description,
    default: preset,
    ...names,
    argument: '<n>',
    read: (value, where) => readInteger(value, where, min),
  };
}

/** One whole number >= 1 or more. */
export function integers(
  description: string,
  preset: readonly number[],
  spelling: Spelling = {},
): Flag<readonly number[]> {
  return {
    description,
    default: preset,
    ...spelling,
    argument: '<n...>',
    read(value, where) {
      if (!Array.isArray(value) || value.length === 0) {
        throw new RangeError(`${where} must be one whole number or more, got ${String(value)}.`);
      }
      return value.map((entry) => readInteger(entry, where, 1));
    },
  };
}

/** A number > 0. */
export function positive(description: string, preset: number, spelling: Spelling = {}): Flag<number> {
  return {
    description,
    default: preset,
    ...spelling,
    argument: '<x>',
    read(value, where) {
      const number = Number(value);
      if (value !== '' && Number.isFinite(number) && number > 0) return number;
      throw new RangeError(`${where} must be a number > 0, got ${String(value)}.`);
    },
  };
}

/** On where it stands, off where it does not. */
export function toggle(description: string, spelling: Spelling = {}): Flag<boolean> {
  return {
    description,
    default: false,
    ...spelling,
    read(value, where) {
      if (typeof value === 'boolean') return value;
      throw new RangeError(`${where} must be true or false, got ${String(value)}.`);
    },
  };
}

function readInteger(value: unknown, where: string, min: number): number {
  const number = typeof value === 'number' ? value : Number(value);
  if (value !== '' && Number.isInteger(number) && number >= min) return number;
  throw new RangeError(`${where} must be a whole number >= ${min}, got ${String(value)}.`);
}
