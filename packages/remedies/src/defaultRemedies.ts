import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
import {clipByGlobalNorm, clipSpikes, zeroNonFinite} from '@gradwire/clipping';
import {requireOptions, requireSchedule, type StepSchedule} from '@gradwire/core';
import {normalizeByNorm} from '@gradwire/normalization';
import {lookahead} from '@gradwire/optimizers';
import {defineRemedy, type Remedy} from '@gradwire/trainer';
import {onAlert} from './onAlert.js';
import {breakSymmetry} from './treatments/breakSymmetry.js';
import {inTurn} from './treatments/inTurn.js';
import {limitUpdateRatio} from './treatments/limitUpdateRatio.js';
import {matchUpdateRatio} from './treatments/matchUpdateRatio.js';
import {reinitializeLayers} from './treatments/reinitializeLayers.js';
import {resetOptimizer} from './treatments/resetOptimizer.js';
import {retuneRate} from './treatments/retuneRate.js';
import {reviveUnits} from './treatments/reviveUnits.js';
import {rollBack} from './treatments/rollBack.js';
import {scaleRate} from './treatments/scaleRate.js';
import {stopAtBest} from './treatments/stopAtBest.js';
import {useTransform} from './treatments/useTransform.js';

/** Options of {@link defaultRemedies}. */
export interface DefaultRemediesOptions {
  /** The steps at which the training is examined, e.g. `every(10)`. */
  readonly when: StepSchedule;
}

export function defaultRemedies(options: DefaultRemediesOptions): Remedy[] {
  const {when: given} = requireOptions('defaultRemedies', options, {when: 'every(10)'});
  const when = requireSchedule('defaultRemedies', 'when', given);
  const undo = true;
  return [
    defineRemedy({name: 'diagnosis', captures: diagnosisCaptures({when}), consumers: [diagnosis()]}),
    onAlert(
      ['nonFinite', 'nonFiniteLoss'],
      [rollBack(), useTransform(zeroNonFinite()), scaleRate({factor: 0.1})],
      {times: 8},
    ),
    onAlert('lossDivergence', [rollBack(), scaleRate({factor: 0.3}), resetOptimizer()]),
    onAlert('gradientSpike', [rollBack(), useTransform(clipSpikes())]),
    onAlert('deadUnits', inTurn([limitUpdateRatio(), reinitializeLayers({layers: 'all'})], reviveUnits()), {
      undo,
    }),
    onAlert('frozenParameters', reviveUnits(), {undo}),
    onAlert('saturatedUnits', [reinitializeLayers(), retuneRate()], {undo}),
    onAlert('poorInitialization', [reinitializeLayers({layers: 'all'}), retuneRate()], {undo, times: 1}),
    onAlert(
      'vanishingGradients',
      [reinitializeLayers({layers: 'all'}), useTransform(normalizeByNorm()), retuneRate()],
      {undo, times: 1},
    ),
    onAlert(
      'explodingGradients',
      [reinitializeLayers({layers: 'all'}), useTransform(clipByGlobalNorm({maxNorm: 1})), retuneRate()],
      {undo, times: 1},
    ),
    onAlert('updateRatio', matchUpdateRatio(), {undo}),
    onAlert('lossPlateau', inTurn(breakSymmetry(), useTransform(normalizeByNorm()), scaleRate({factor: 5})), {
      undo,
    }),
    onAlert('oscillation', [scaleRate({factor: 0.2}), resetOptimizer(), useTransform(lookahead())], {undo}),
    onAlert('overfitting', stopAtBest()),
  ];
}
