import type {NamedTensors} from '@gradwire/core';

/**
 * Gradients without those of some parameters.
 *
 * @throws Error if none is left: an optimizer would skip such a step, and its epoch would pass without any update.
 */
export function dropFrozen(
  where: string,
  grads: NamedTensors,
  isFrozen: (name: string) => boolean,
): NamedTensors {
  const entries = Object.entries(grads);
  const left = entries.filter(([name]) => !isFrozen(name));
  if (left.length > 0 || entries.length === 0) return Object.fromEntries(left);
  throw new Error(
    `${where}: every parameter that has a gradient is frozen, so nothing would be trained: ${entries.map(([name]) => name).join(', ')}.`,
  );
}
