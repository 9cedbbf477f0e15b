import type {DiagnosisRule} from './diagnosisRule.js';
import {deadUnits} from './rules/deadUnits.js';
import {explodingGradients} from './rules/explodingGradients.js';
import {frozenParameters} from './rules/frozenParameters.js';
import {gradientSpike} from './rules/gradientSpike.js';
import {lossDivergence} from './rules/lossDivergence.js';
import {lossPlateau} from './rules/lossPlateau.js';
import {nonFinite} from './rules/nonFinite.js';
import {oscillation} from './rules/oscillation.js';
import {overfitting} from './rules/overfitting.js';
import {poorInitialization} from './rules/poorInitialization.js';
import {saturatedUnits} from './rules/saturatedUnits.js';
import {updateRatio} from './rules/updateRatio.js';
import {vanishingGradients} from './rules/vanishingGradients.js';

/**
 * All rules that come with this package, with their defaults: what `diagnose` and `diagnosis` use unless told otherwise.
 *
 * @example
 * ```ts
 * import {builtInRules, diagnosis, lossPlateau} from '@gradwire/capture';
 *
 * const others = builtInRules().filter(({id}) => id !== 'lossPlateau');
 * const consumer = diagnosis({rules: [...others, lossPlateau({steps: 500})]});
 * ```
 */
export function builtInRules(): DiagnosisRule[] {
  return [
    nonFinite(),
    vanishingGradients(),
    explodingGradients(),
    gradientSpike(),
    deadUnits(),
    saturatedUnits(),
    updateRatio(),
    frozenParameters(),
    poorInitialization(),
    lossPlateau(),
    lossDivergence(),
    oscillation(),
    overfitting(),
  ];
}
