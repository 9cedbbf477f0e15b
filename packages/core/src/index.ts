export {accumulateGradients, type AccumulateGradientsOptions} from './accumulateGradients.js';
export {allOf} from './allOf.js';
export {anyOf} from './anyOf.js';
export {budget, type BudgetOptions} from './budget.js';
export type {
  Capture,
  CaptureContext,
  CaptureSubjects,
  Measurements,
  MeasurementTable,
  RunEndContext,
} from './capture.js';
export {chain} from './chain.js';
export {divideEach} from './divideEach.js';
export {describeValue} from './describeValue.js';
export {formatEvent, parseEvent} from './eventJson.js';
export {every} from './every.js';
export {everyEpoch} from './everyEpoch.js';
export {firstSteps} from './firstSteps.js';
export {compileLayerSelector, type LayerSelector} from './layerSelector.js';
export type {LayerSpec} from './layerSpec.js';
export {logSpaced} from './logSpaced.js';
export {everyNSteps} from './everyNSteps.js';
export {globalNorm} from './globalNorm.js';
export {GradientOptimizer, type GradientOptimizerOptions} from './gradientOptimizer.js';
export type {GradientTap} from './gradientTap.js';
export type {GradientTransform, StepContext, TransformTraits} from './gradientTransform.js';
export {type InitialValue, initialValues} from './initialValues.js';
export type {Initializer} from './initializer.js';
export {runJointKernel} from './runJointKernel.js';
export {getLearningRate, setLearningRate} from './learningRate.js';
export type {LearningRateSchedule} from './learningRateSchedule.js';
export {isNative} from './isNative.js';
export {type ChainWarning, lintChain} from './lintChain.js';
export {mapTensors} from './mapTensors.js';
export {masked} from './masked.js';
export {mixSeeds} from './mixSeeds.js';
export {type Moments, momentsOfEach} from './momentsOfEach.js';
export type {NamedTensors} from './namedTensors.js';
export {normOfEach} from './normOfEach.js';
export type {OptimizerSnapshot} from './optimizerState.js';
export {parameterKeys} from './parameterKeys.js';
export {type ParamSpec, paramSpec} from './paramSpec.js';
export {partition} from './partition.js';
export {registerTransforms} from './registerTransforms.js';
export {requireInteger, requireNonNegative, requirePositive} from './require.js';
export {type KnownOptions, requireOptions} from './requireOptions.js';
export {type NumericOption, type OptionSchedule, scheduled} from './scheduled.js';
export {requireSchedule} from './requireSchedule.js';
export {
  compileSelector,
  requireSelection,
  requireSelector,
  type Selector,
  selectorFromJson,
  type SelectorJson,
  selectorToJson,
} from './selector.js';
export {scheduleLearningRate} from './scheduleLearningRate.js';
export {type Statistics, statisticsOfEach, type StatisticsOptions} from './statisticsOfEach.js';
export type {
  Alert,
  AlertEvent,
  AlertEvidence,
  CaptureEvent,
  CaptureFailedEvent,
  EpochBeginEvent,
  EpochEndEvent,
  EventPosition,
  RemedyAction,
  RemedyEffect,
  RemedyEvent,
  RemedyOffer,
  RunBeginEvent,
  RunEndEvent,
  RunEndReason,
  StepEvent,
  TrainingEvent,
} from './trainingEvent.js';
export {shadow, type ShadowEffect, type ShadowOptions, type ShadowReport} from './shadow.js';
export {stateless} from './stateless.js';
export type {StateTree} from './stateTree.js';
export type {StepCost, StepPosition, StepSchedule} from './stepSchedule.js';
export type {TransformFactory} from './transformRegistry.js';
export {transformGradients} from './transformGradients.js';
export {type StepPredicate, when} from './when.js';
