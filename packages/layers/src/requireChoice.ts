import {describeValue} from '@gradwire/core';

/**
 * Checks that an option is one of a few values.
 *
 * @throws TypeError that names function, option and choices.
 */
export function requireChoice<Value>(
  where: string,
  option: string,
  value: Value,
  choices: readonly Value[],
): void {
  if (choices.includes(value)) return;
  const names = choices.map((choice) => (typeof choice === 'string' ? `'${choice}'` : String(choice)));
  throw new TypeError(`${where}: ${option} must be ${names.join(' or ')}, got ${describeValue(value)}.`);
}
