export {deadUnitsRemedy} from './bundles/deadUnitsRemedy.js';
export {explodingGradientsRemedy} from './bundles/explodingGradientsRemedy.js';
export {frozenParametersRemedy} from './bundles/frozenParametersRemedy.js';
export {gradientSpikeRemedy} from './bundles/gradientSpikeRemedy.js';
export {lossDivergenceRemedy} from './bundles/lossDivergenceRemedy.js';
export {lossPlateauRemedy} from './bundles/lossPlateauRemedy.js';
export {nonFiniteRemedy} from './bundles/nonFiniteRemedy.js';
export {oscillationRemedy} from './bundles/oscillationRemedy.js';
export {overfittingRemedy} from './bundles/overfittingRemedy.js';
export {poorInitializationRemedy} from './bundles/poorInitializationRemedy.js';
export {saturatedUnitsRemedy} from './bundles/saturatedUnitsRemedy.js';
export {updateRatioRemedy} from './bundles/updateRatioRemedy.js';
export {vanishingGradientsRemedy} from './bundles/vanishingGradientsRemedy.js';
export {defaultRemedies, type DefaultRemediesOptions} from './defaultRemedies.js';
export {onAlert, type OnAlertOptions} from './onAlert.js';
export {sigmoidRescue, type SigmoidRescueOptions} from './sigmoidRescue.js';
export {
  type ActiveTreatment,
  defineTreatment,
  type Treatment,
  type TreatmentResult,
  type TreatmentServices,
} from './treatment.js';
export {breakSymmetry} from './treatments/breakSymmetry.js';
export {initializeParameters} from './treatments/initializeParameters.js';
export {inTurn} from './treatments/inTurn.js';
export {limitUpdateRatio, type LimitUpdateRatioOptions} from './treatments/limitUpdateRatio.js';
export {matchUpdateRatio, type MatchUpdateRatioOptions} from './treatments/matchUpdateRatio.js';
export {reinitializeLayers, type ReinitializeLayersOptions} from './treatments/reinitializeLayers.js';
export {removeTransform} from './treatments/removeTransform.js';
export {resetOptimizer} from './treatments/resetOptimizer.js';
export {retuneRate, type RetuneRateOptions} from './treatments/retuneRate.js';
export {reviveUnits} from './treatments/reviveUnits.js';
export {rollBack, type RollBackOptions} from './treatments/rollBack.js';
export {scaleRate, type ScaleRateOptions} from './treatments/scaleRate.js';
export {stopAtBest, type StopAtBestOptions} from './treatments/stopAtBest.js';
export {useTransform} from './treatments/useTransform.js';
