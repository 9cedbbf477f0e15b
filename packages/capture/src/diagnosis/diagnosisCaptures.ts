import {
  type Capture,
  describeValue,
  requireOptions,
  requireSchedule,
  type StepSchedule,
} from '@gradwire/core';
import {activationStats} from '../activationStats.js';
import {backwardStats} from '../backwardStats.js';
import {gradientStats} from '../gradientStats.js';
import {unitActivity} from '../unitActivity.js';
import {updateStats} from '../updateStats.js';

/** Options of {@link diagnosisCaptures}. */
export interface DiagnosisCapturesOptions {
  /** The steps to measure at, e.g. `every(10)`. */
  readonly when: StepSchedule;
  /** Whether to measure what layers return; `false` for a model that is a function. Default true. */
  readonly layers?: boolean;
}

/**
 * What the rules of a diagnosis feed on: `gradientStats`, `updateStats`, and of layers `activationStats`, `backwardStats` and
 * `unitActivity`.
 *
 * @throws TypeError if `options` is no object or has an unknown key, `when` is no step schedule, or `layers` no boolean.
 * @example
 * ```ts
 * import {diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 *
 * const captures = diagnosisCaptures({when: every(10), layers: false});
 * console.log(captures.map(({name}) => name)); // ['gradientStats', 'updateStats']
 * ```
 */
export function diagnosisCaptures(options: DiagnosisCapturesOptions): Capture[] {
  const known = {when: 'every(10)', layers: 'false'};
  const {when: given, layers = true} = requireOptions('diagnosisCaptures', options, known);
  const when = requireSchedule('diagnosisCaptures', 'when', given);
  if (typeof layers !== 'boolean') {
    throw new TypeError(`diagnosisCaptures: layers must be true or false, got ${describeValue(layers)}.`);
  }
  const ofParameters = [gradientStats({when}), updateStats({when})];
  if (!layers) return ofParameters;
  return [...ofParameters, activationStats({when}), backwardStats({when}), unitActivity({when})];
}
