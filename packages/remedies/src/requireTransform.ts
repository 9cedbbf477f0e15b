import {describeValue, type GradientTransform} from '@gradwire/core';

/** Checks that an argument is a transform, and not its factory. */
export function requireTransform(where: string, value: unknown): asserts value is GradientTransform {
  const {name, init, update} = (value ?? {}) as Partial<GradientTransform>;
  if (typeof name === 'string' && typeof init === 'function' && typeof update === 'function') return;
  const hint = typeof value === 'function' ? ' Was the factory not called?' : '';
  throw new TypeError(`${where}: transform must be a GradientTransform, got ${describeValue(value)}.${hint}`);
}
