import type {Capture, GradientTransform, LearningRateSchedule, TrainingEvent} from '@gradwire/core';
import type * as tf from '@tensorflow/tfjs-core';
import type {ServiceIdentifier} from 'inversify';
import type {Observable} from 'rxjs';
import type {Clock} from './clock.js';
import type {EventBus} from './eventBus.js';
import type {EventConsumer} from './eventConsumer.js';
import type {TrainableModel} from './learner.js';
import type {LossSpec} from './objective.js';
import type {Remedy} from './remedy.js';
import type {RunControl} from './runControl.js';
import type {TrainerServices} from './trainerServices.js';
import type {TrainerSettings} from './trainerOptions.js';

function token<T>(name: string): ServiceIdentifier<T> {
  return Symbol.for(`gradwire.${name}`);
}

/**
 * What is trained.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {Container} from 'inversify';
 * import {MODEL, trainerModule} from '@gradwire/trainer';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
 * const container = new Container();
 * container.load(trainerModule({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)}));
 * console.log(container.get(MODEL) === model); // true
 * ```
 */
export const MODEL = token<TrainableModel>('model');
/** The loss, as tfjs-layers knows it. */
export const LOSS = token<LossSpec>('loss');
/** The optimizer that applies the transformed gradients. */
export const OPTIMIZER = token<tf.Optimizer>('optimizer');
/** One gradient transform; bind as many as you like. */
export const TRANSFORM = token<GradientTransform>('transform');
/** One capture; bind as many as you like. */
export const CAPTURE = token<Capture>('capture');
/** One consumer of the events; bind as many as you like. */
export const CONSUMER = token<EventConsumer>('consumer');
/** One remedy; bind as many as you like. */
export const REMEDY = token<Remedy>('remedy');
/** The learning rate of every step; optional. */
export const SCHEDULE = token<LearningRateSchedule>('schedule');
/** Where events get their time from. */
export const CLOCK = token<Clock>('clock');
/** The seed that shuffling, dropout, noise and initialisation are derived from. */
export const SEED = token<number>('seed');
/** Everything else that a trainer can be told. */
export const SETTINGS = token<TrainerSettings>('settings');
/** The stream of training events. */
export const EVENTS = token<Observable<TrainingEvent>>('events');
/** What modules and remedies may ask for. */
export const SERVICES = token<TrainerServices>('services');

/** Sends events. */
export const EVENT_BUS = token<EventBus>('eventBus');
/** Stops runs. */
export const RUN_CONTROL = token<RunControl>('runControl');
