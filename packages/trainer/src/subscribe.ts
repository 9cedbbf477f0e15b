import {describeValue, type TrainingEvent} from '@gradwire/core';
import type {Observable, Subscription} from 'rxjs';
import type {EventConsumer} from './eventConsumer.js';
import type {TrainerServices} from './trainerServices.js';

/** Lets a consumer subscribe; rejects what is none, such as a factory that was not called. */
export function subscribe(
  consumer: EventConsumer,
  events$: Observable<TrainingEvent>,
  services: TrainerServices,
): Subscription {
  const subscription = typeof consumer === 'function' ? call(consumer, events$, services) : undefined;
  if (typeof (subscription as Subscription | undefined)?.unsubscribe === 'function')
    return subscription as Subscription;
  throw new TypeError(
    `createTrainer: a consumer must be a function (events$) => events$.subscribe(...), got ${describeValue(consumer)}` +
      `${typeof consumer === 'function' ? `, which returned ${describeValue(subscription)}. Was the factory not called?` : '.'}`,
  );
}

function call(
  consumer: EventConsumer,
  events$: Observable<TrainingEvent>,
  services: TrainerServices,
): unknown {
  try {
    return consumer(events$, services);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(
      `createTrainer: consumer ${consumer.name || 'without a name'} was called with the stream of events and has thrown: ` +
        `${message} If it is a factory, call it: consumers: [progress()].`,
      {cause},
    );
  }
}
