import type {Observable, Subscription} from 'rxjs';
import type {TrainingEvent} from '@gradwire/core';
import type {TrainerServices} from './trainerServices.js';

/**
 * Subscribes to a training: a logger, a chart, an alarm. Called once per trainer, with what it may ask of it: to end a
 * run, to send an alert. The stream completes, and the subscription is ended, by `trainer.dispose()`.
 *
 * @example
 * ```ts
 * import type {EventConsumer} from '@gradwire/trainer';
 *
 * const printEpochs: EventConsumer = (events$) =>
 *   events$.subscribe((event) => {
 *     if (event.type === 'epochEnd') console.log(event.epoch, event.logs);
 *   });
 * ```
 */
export type EventConsumer = (events$: Observable<TrainingEvent>, services: TrainerServices) => Subscription;
