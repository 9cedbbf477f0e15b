import type {DiagnosisRule} from '../diagnosisRule.js';
import {idleUnits} from '../idleUnits.js';
import {ruleOptions} from '../ruleOptions.js';

/** Options of {@link deadUnits}. */
export interface DeadUnitsOptions {
  /** Share of a layer's units that must be dead; in (0, 1], default 0.6. */
  readonly share?: number;
  /** How many captures a unit must be silent in, for every sample; a whole number >= 1, default 8. */
  readonly n?: number;
  /** How many captures at the beginning are not judged; a whole number >= 0, default 0. */
  readonly warmup?: number;
}

/**
 * Units that return zero for every sample: no gradient reaches their weights, and they do not come back by themselves.
 *
 *     #{units with active = 0 in each of the last n captures} / #units >= share
 *
 * for relu and its kin, where the batches of these captures hold 128 samples together; where they do not, in as many captures more.
 * Needs `unitActivity`.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {deadUnits, diagnosis} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [deadUnits({share: 0.25})]});
 * ```
 * @see SageMaker Debugger, DeadRelu, whose `threshold_layer` is 50 %.
 */
export function deadUnits(options: DeadUnitsOptions = {}): DiagnosisRule {
  const id = 'deadUnits';
  const settings = ruleOptions(id, options, {share: 0.6, n: 8, warmup: 0});
  return idleUnits(id, settings, {
    quantity: 'active',
    isIdle: (active) => active === 0,
    describe: 'return 0 for every sample: they are dead, and no gradient brings them back',
  });
}
