import {describeValue} from './describeValue.js';

/** What an option's value must be: the words for the message, and the check. */
interface Rule {
  readonly must: string;
  readonly accepts: (value: number) => boolean;
}

/** The rules that options in this package follow. A value that is not a number meets none of them. */
export const rules = {
  count: {must: 'be a whole number >= 1', accepts: (value) => Number.isSafeInteger(value) && value >= 1},
  spread: {must: 'be finite and >= 0', accepts: (value) => Number.isFinite(value) && value >= 0},
  fraction: {must: 'be in [0, 1)', accepts: (value) => Number.isFinite(value) && value >= 0 && value < 1},
  classes: {
    must: 'be a whole number in [1, 256]',
    accepts: (value) => Number.isInteger(value) && value >= 1 && value <= 256,
  },
  seed: {
    must: 'be an integer in [0, 4294967295]',
    accepts: (value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff,
  },
} as const satisfies Readonly<Record<string, Rule>>;

/**
 * Throws unless each of the named values meets the rule.
 *
 * @throws RangeError that names the caller, the option, the rule and the value.
 */
export function requireOption(caller: string, options: Readonly<Record<string, number>>, rule: Rule): void {
  for (const [name, value] of Object.entries(options)) {
    if (!rule.accepts(value)) {
      const got = typeof value === 'number' ? String(value) : describeValue(value);
      throw new RangeError(`${caller}: ${name} must ${rule.must}, got ${got}.`);
    }
  }
}
