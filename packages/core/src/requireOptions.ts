import {describeValue} from './describeValue.js';

/** Every option of a function with an example of its value, as it would stand in code. */
export type KnownOptions<Options> = {readonly [Option in keyof Options]-?: number | string};

/**
 * Checks that an options object is one, and that the function knows all options in it.
 *
 * Their values are left to `requirePositive` and the like.
 *
 * @param where name of the function whose options these are.
 * @param options what it was called with.
 * @param known all options there are, each with an example of its value for the message.
 * @param before what stands before the options in a call, e.g. `'data, '`.
 * @returns `options`.
 * @throws TypeError that names the function and shows a call, or the options that it knows.
 * @example
 * ```ts
 * import {requireOptions} from '@gradwire/core';
 *
 * const squash = (options: {limit: number}) => requireOptions('squash', options, {limit: 1}).limit;
 * console.log(squash({limit: 2})); // 2
 * ```
 */
export function requireOptions<Options extends object>(
  where: string,
  options: Options,
  known: KnownOptions<Options>,
  before = '',
): Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const example = Object.entries(known).map(([option, value]) => `${option}: ${String(value)}`);
    throw new TypeError(
      `${where}: options must be an object, e.g. ${where}(${before}{${example.join(', ')}}), got ${describeValue(options)}.`,
    );
  }
  const unknown = Object.keys(options).find((option) => !Object.hasOwn(known, option));
  if (unknown !== undefined) {
    const names = Object.keys(known).join(', ');
    const there = names === '' ? 'It has none' : `Options: ${names}`;
    throw new TypeError(`${where}: there is no option '${unknown}'. ${there}.`);
  }
  return options;
}
