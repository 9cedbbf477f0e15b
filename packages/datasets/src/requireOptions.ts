import {describeValue} from './describeValue.js';

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
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const example = Object.entries(defaults).map(([name, value]) => `${name}: ${value}`);
    throw new TypeError(
      `${caller}: options must be an object, e.g. ${caller}({${example.join(', ')}}), got ${describeValue(options)}.`,
    );
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(defaults, name));
  if (unknown !== undefined) {
    throw new TypeError(
      `${caller}: there is no option '${unknown}'. Options: ${Object.keys(defaults).join(', ')}.`,
    );
  }
  return {...defaults, ...Object.fromEntries(given)};
}
