import type {DiagnosisRule} from '../diagnosisRule.js';
import {idleUnits} from '../idleUnits.js';
import {ruleOptions} from '../ruleOptions.js';

/** Options of {@link saturatedUnits}. */
export interface SaturatedUnitsOptions {
  /** Share of a layer's units that must be saturated; in (0, 1], default 0.6. */
  readonly share?: number;
  /** Share of its outputs that must be at a bound for a unit to be saturated; in (0, 1], default 0.75. */
  readonly atBound?: number;
  /** How many captures a unit must be saturated in; a whole number >= 1, default 5. */
  readonly n?: number;
  /** How many captures at the beginning are not judged; a whole number >= 0, default 0. */
  readonly warmup?: number;
}

/**
 * Units of sigmoid or tanh that sit at their bounds, where the slope, and so the gradient, is next to nothing.
 *
 *     #{units with saturated >= atBound in each of the last n captures} / #units >= share
 *
 * where the batches of these captures hold 128 samples together; where they do not, in as many captures more.
 * Not judged once the loss is below a tenth of its start: a net that is sure of its answers may well be at its bounds. Output layers are
 * left out. Needs `unitActivity`.
 *
 * @throws RangeError if an option is out of range.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import {diagnosis, saturatedUnits} from '@gradwire/capture';
 *
 * const consumer = diagnosis({rules: [saturatedUnits({atBound: 0.9})]});
 * ```
 * @see SageMaker Debugger, SaturatedActivation, whose `threshold_layer` is 50 %; `atBound` is practice.
 */
export function saturatedUnits(options: SaturatedUnitsOptions = {}): DiagnosisRule {
  const id = 'saturatedUnits';
  const {atBound, ...settings} = ruleOptions(id, options, {share: 0.6, atBound: 0.75, n: 5, warmup: 0});
  if (atBound > 1) throw new RangeError(`${id}: atBound must be <= 1, got ${atBound}.`);
  return idleUnits(id, settings, {
    quantity: 'saturated',
    isIdle: (saturated) => saturated >= atBound,
    describe: 'sit at the bounds of their activation, where hardly a gradient passes',
    untilRemaining: 0.1,
  });
}
