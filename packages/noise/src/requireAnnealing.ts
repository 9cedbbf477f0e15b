import {describeValue, requireNonNegative} from '@gradwire/core';
import type {Annealing} from './annealed.js';

const UNITS: readonly unknown[] = ['step', 'epoch'];

/**
 * Checks the options that say how a noise falls.
 *
 * @param where the transform.
 * @param option what the size is called there.
 * @param given the options as they are; `gamma` may be left out.
 * @param gamma the default.
 */
export function requireAnnealing(
  where: string,
  option: string,
  given: {readonly size: Annealing['size']; readonly gamma?: number; readonly unit?: Annealing['unit']},
  gamma: number,
): Annealing {
  const {size, unit = 'step'} = given;
  if (typeof size !== 'function') requireNonNegative(where, {[option]: size});
  else if (given.gamma !== undefined) {
    throw new TypeError(`${where}: gamma has no effect where ${option} is a function. Leave it out.`);
  }
  if (given.gamma !== undefined) requireNonNegative(where, {gamma: given.gamma});
  if (!UNITS.includes(unit)) {
    throw new TypeError(`${where}: unit must be 'step' or 'epoch', got ${describeValue(unit)}.`);
  }
  return {size, gamma: given.gamma ?? gamma, unit};
}
