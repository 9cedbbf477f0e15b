import {requireKnownOptions} from './requireKnownOptions.js';

/**
 * The options with defaults in place of what is missing.
 *
 * @throws TypeError unless the options are an object, all of whose keys have a default.
 */
export function requireOptions<Defaults extends Readonly<Record<string, number>>>(
  caller: string,
  options: {readonly [Option in keyof Defaults]?: number},
  defaults: Defaults,
): Defaults {
  requireKnownOptions(caller, options, defaults);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return {...defaults, ...Object.fromEntries(given)};
}
