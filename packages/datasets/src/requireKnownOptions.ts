import {describeValue} from './describeValue.js';

/**
 * Throws unless the options are an object whose keys are all known.
 *
 * @param examples every option there is, with a value for the message as it stands in code.
 * @throws TypeError that names the caller, and shows a call or the options that it knows.
 */
export function requireKnownOptions(
  caller: string,
  options: object,
  examples: Readonly<Record<string, number | string>>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const example = Object.entries(examples).map(([name, value]) => `${name}: ${value}`);
    throw new TypeError(
      `${caller}: options must be an object, e.g. ${caller}({${example.join(', ')}}), got ${describeValue(options)}.`,
    );
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(examples, name));
  if (unknown !== undefined) {
    throw new TypeError(
      `${caller}: there is no option '${unknown}'. Options: ${Object.keys(examples).join(', ')}.`,
    );
  }
}
