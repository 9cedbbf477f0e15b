/**
 * A value in the words of an error message.
 *
 * @param value anything.
 * @example
 * ```ts
 * import {describeValue} from '@gradwire/core';
 *
 * console.log(describeValue('1')); // the string '1'
 * ```
 */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `the string '${value}'`;
  if (typeof value === 'number' || typeof value === 'bigint') return `the ${typeof value} ${value}`;
  if (typeof value === 'function')
    return value.name === '' ? 'an anonymous function' : `the function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const {name, init, update} = value as Readonly<Record<string, unknown>>;
  if (typeof init === 'function' && typeof update === 'function') return `the transform '${String(name)}'`;
  const className = value.constructor?.name ?? 'Object';
  if (className === 'Object') return 'a plain object';
  return `${/^[AEIOU]/.test(className) ? 'an' : 'a'} ${className}`;
}
