import {requireBoolean} from './requireBoolean.js';
import {requireFraction} from './requireFraction.js';

/**
 * Checks the options of momentum, and that Nesterov has what it is defined for.
 *
 * @throws RangeError or TypeError that names function, option and value.
 */
export function requireMomentum(
  where: string,
  {momentum, nesterov, dampening}: {momentum: number; nesterov: boolean; dampening: number},
): void {
  requireFraction(where, {momentum, dampening});
  requireBoolean(where, {nesterov});
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new RangeError(
      `${where}: nesterov needs momentum > 0 and dampening 0, got momentum ${momentum} and dampening ${dampening}.`,
    );
  }
}
