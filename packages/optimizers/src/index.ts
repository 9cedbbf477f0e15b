export {assignAveragedWeights} from './assignAveragedWeights.js';
export {averageWeights, type AverageWeightsOptions, type AverageWeightsState} from './averageWeights.js';
export {findLearningRate, type FindLearningRateOptions, type LearningRateRange} from './findLearningRate.js';
export {lookahead, type LookaheadOptions, type LookaheadState} from './lookahead.js';
export {constantSchedule, type ConstantScheduleOptions} from './schedules/constantSchedule.js';
export {cosineDecay, type CosineDecayOptions} from './schedules/cosineDecay.js';
export {cosineRestarts, type CosineRestartsOptions} from './schedules/cosineRestarts.js';
export {cyclic, type CyclicOptions} from './schedules/cyclic.js';
export {exponentialDecay, type ExponentialDecayOptions} from './schedules/exponentialDecay.js';
export {inverseSquareRoot, type InverseSquareRootOptions} from './schedules/inverseSquareRoot.js';
export {joinSchedules} from './schedules/joinSchedules.js';
export {linearWarmup, type LinearWarmupOptions} from './schedules/linearWarmup.js';
export {oneCycle, type OneCycleOptions} from './schedules/oneCycle.js';
export {piecewiseConstant, type PiecewiseConstantOptions} from './schedules/piecewiseConstant.js';
export {polynomialDecay, type PolynomialDecayOptions} from './schedules/polynomialDecay.js';
export {
  type PlateauSchedule,
  reduceOnPlateau,
  type ReduceOnPlateauOptions,
} from './schedules/reduceOnPlateau.js';
export {stepDecay, type StepDecayOptions} from './schedules/stepDecay.js';
export {withAveragedWeights} from './withAveragedWeights.js';
export {adafactor, type AdafactorOptions} from './adafactor.js';
export {adamW, type AdamWOptions} from './adamW.js';
export {addDecayedWeights, type AddDecayedWeightsOptions} from './addDecayedWeights.js';
export {amsgrad, type AmsgradOptions} from './amsgrad.js';
export {clipByRms, type ClipByRmsOptions} from './clipByRms.js';
export {ema, type EmaOptions} from './ema.js';
export {lamb, type LambOptions} from './lamb.js';
export {lion, type LionOptions} from './lion.js';
export {nadam, type NadamOptions} from './nadam.js';
export type {ParameterGroup} from './parameterGroup.js';
export {radam, type RadamOptions} from './radam.js';
export {registerOptimizers} from './registerOptimizers.js';
export {rmsprop, type RmspropOptions} from './rmsprop.js';
export {scaleByAdam, type ScaleByAdamOptions} from './scaleByAdam.js';
export {scaleByFactoredRms, type ScaleByFactoredRmsOptions} from './scaleByFactoredRms.js';
export {scaleByLion, type ScaleByLionOptions} from './scaleByLion.js';
export {scaleByNadam, type ScaleByNadamOptions} from './scaleByNadam.js';
export {scaleByParameterRms, type ScaleByParameterRmsOptions} from './scaleByParameterRms.js';
export {scaleByRadam, type ScaleByRadamOptions} from './scaleByRadam.js';
export {scaleByRelativeStep} from './scaleByRelativeStep.js';
export {scaleByRms, type ScaleByRmsOptions} from './scaleByRms.js';
export {scaleByTrustRatio} from './scaleByTrustRatio.js';
export {scaleGradients, type ScaleGradientsOptions} from './scaleGradients.js';
export {sgd, type SgdOptions} from './sgd.js';
export {trace, type TraceOptions} from './trace.js';
