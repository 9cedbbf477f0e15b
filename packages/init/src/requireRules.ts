import {describeValue} from '@gradwire/core';

/** Checks that these are initializers by glob. */
export function requireRules(rules: unknown): void {
  const hint = "e.g. {'**/kernel': heNormal()}";
  if (
    typeof rules !== 'object' ||
    rules === null ||
    Array.isArray(rules) ||
    Object.keys(rules).length === 0
  ) {
    throw new TypeError(
      `reinitialize: rules must be initializers by glob, ${hint}, got ${describeValue(rules)}.`,
    );
  }
  for (const [glob, initializer] of Object.entries(rules))
    requireInitializer('reinitialize', `'${glob}'`, initializer);
}

/** Checks that an argument is an initializer. */
export function requireInitializer(where: string, argument: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new TypeError(
    `${where}: ${argument} must be an initializer, e.g. heNormal(), got ${describeValue(value)}.`,
  );
}
