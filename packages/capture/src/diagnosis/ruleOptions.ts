import {type KnownOptions, requireInteger, requireOptions, requirePositive} from '@gradwire/core';

/** Options that count something, with the least they may be; all others are positive numbers. */
const COUNTS: Readonly<Record<string, number>> = {k: 1, n: 1, warmup: 0, steps: 1};

/**
 * The options of a rule, with its defaults, checked.
 *
 * @param id the rule.
 * @param options what it was called with.
 * @param defaults all options there are.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @throws RangeError that names the rule and the option that is out of range.
 */
export function ruleOptions<Options extends object>(
  id: string,
  options: Options,
  defaults: Required<Options> & Readonly<Record<keyof Options, number>>,
): Required<Options> {
  const given = Object.entries(requireOptions(id, options, defaults as KnownOptions<Options>)).filter(
    ([, value]) => value !== undefined,
  );
  const all = {...defaults, ...Object.fromEntries(given)} as Required<Options>;
  for (const [name, value] of Object.entries(all) as [string, number][]) {
    const least = COUNTS[name];
    if (least === undefined) requirePositive(id, {[name]: value});
    else requireInteger(id, {[name]: value}, least);
  }
  const {k = 0, n = Infinity} = all as {k?: number; n?: number};
  if (k > n) throw new RangeError(`${id}: k must be <= n, which is ${n}, got ${k}.`);
  return all;
}
