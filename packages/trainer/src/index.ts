import 'reflect-metadata';

export type {ClassWeight} from './classWeights.js';
export type {Clock} from './clock.js';
export {captureFit} from './captureFit.js';
export {createTrainer} from './createTrainer.js';
export {defineRemedy} from './defineRemedy.js';
export type {EarlyStopping} from './earlyStopping.js';
export type {EventConsumer} from './eventConsumer.js';
export {fitEvents} from './fitEvents.js';
export type {ModelFunction, TensorFunction, TensorInput, TrainableModel} from './learner.js';
export {captureModule, consumerModule, remedyModule, trainerModule, transformModule} from './modules.js';
export type {LossSpec, MetricSpec, MetricsSpec} from './objective.js';
export type {LiveTraining, TrainingSnapshot} from './liveTraining.js';
export {ofType} from './ofType.js';
export type {Remedy, RemedySource} from './remedy.js';
export {
  CAPTURE,
  CLOCK,
  CONSUMER,
  EVENTS,
  LOSS,
  MODEL,
  OPTIMIZER,
  REMEDY,
  SCHEDULE,
  SEED,
  SERVICES,
  SETTINGS,
  TRANSFORM,
} from './tokens.js';
export {Trainer} from './trainer.js';
export type {
  FitOptions,
  Provided,
  TrainerModuleOptions,
  TrainerOptions,
  TrainerSettings,
  TrainingHistory,
} from './trainerOptions.js';
export type {TrainerServices} from './trainerServices.js';
export type {DataBatch, DatasetLike, TensorData, TrainingData} from './trainingData.js';
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
} from '@gradwire/core';
