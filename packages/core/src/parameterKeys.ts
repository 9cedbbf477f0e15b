import {naturalOrder} from './naturalOrder.js';

/**
 * One 32-bit number per parameter name that stays the same when the model is built again.
 *
 * tfjs counts on: a model that is built again, or loaded beside its original, gets `dense_Dense3/kernel` or
 * `dense_Dense1/kernel_1` where it had `dense_Dense1/kernel`. So the key is the hash (FNV-1a) of the name without
 * its numbers, and equal remainders are counted in natural order: `dense_Dense9/kernel` and `dense_Dense10/kernel`
 * count as `dense_Dense/kernel` and `dense_Dense/kernel#1` in every one of these models, whatever order they come in.
 *
 * @param names the names of all parameters of a model.
 * @example
 * ```ts
 * import {parameterKeys} from '@gradwire/core';
 *
 * console.log(parameterKeys(['dense/kernel'])['dense/kernel'] === parameterKeys(['dense_7/kernel_1'])['dense_7/kernel_1']); // true
 * ```
 */
export function parameterKeys(names: readonly string[]): Record<string, number> {
  const seen = new Map<string, number>();
  const keys: Record<string, number> = {};
  for (const name of naturalOrder(new Set(names))) {
    const stem = withoutNumbers(name);
    const count = seen.get(stem) ?? 0;
    seen.set(stem, count + 1);
    keys[name] = fnv1a(count === 0 ? stem : `${stem}#${count}`);
  }
  return keys;
}

/** What names of one parameter have in common in all instances of a model. */
export function withoutNumbers(name: string): string {
  return name.replace(/_?\d+/g, '');
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
