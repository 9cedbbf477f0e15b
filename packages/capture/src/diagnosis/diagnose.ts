import {type AlertEvent, describeValue, type TrainingEvent} from '@gradwire/core';
import {type DiagnosisOptions, judgeOf} from './judge.js';

/** A stream to subscribe to, as RxJS has it. */
export interface EventStream {
  subscribe(observer: {next(event: TrainingEvent): void; error(error: unknown): void; complete(): void}): {
    unsubscribe(): void;
  };
}

/** Where events come from: recorded, or live. */
export type EventSource = Iterable<TrainingEvent> | AsyncIterable<TrainingEvent> | EventStream;

/**
 * What rules find in the events of one or more trainings: the alerts, as they come.
 *
 * A recorded training gives the alerts that the live one gave. Nothing happens before the first alert is asked for; then a stream
 * is subscribed to, and every event is judged when it arrives. Leaving the loop ends the subscription, and an iteration
 * (which for `trainer.run()` ends the run); over `trainer.events$`, the loop ends with `trainer.dispose()`. An error of the source is thrown.
 *
 * @param events recorded events, `trainer.run(…)`, or an Observable such as `trainer.events$`.
 * @throws TypeError if `events` is no source, or `options` are not valid.
 * @throws Error if two rules have the same id.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnose, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {createTrainer} from '@gradwire/trainer';
 *
 * const bias = tf.initializers.constant({value: -9});
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 4, activation: 'relu', inputShape: [2], biasInitializer: bias, name: 'hidden'}),
 *     tf.layers.dense({units: 1, name: 'last'}),
 *   ],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   captures: diagnosisCaptures({when: every(1)}),
 * });
 * const data = {x: tf.ones([8, 2]), y: tf.ones([8, 1])};
 * for await (const {rule, layers} of diagnose(trainer.run(data, {epochs: 10}))) console.log(rule, layers);
 * ```
 */
export function diagnose(
  events: EventSource,
  options: DiagnosisOptions = {},
): AsyncGenerator<AlertEvent, void, void> {
  const judge = judgeOf('diagnose', options);
  const source = events as
    Partial<EventStream & Iterable<TrainingEvent> & AsyncIterable<TrainingEvent>> | undefined;
  if (typeof source === 'object' && source !== null) {
    if (source[Symbol.asyncIterator] ?? source[Symbol.iterator])
      return fromIterable(source as Iterable<TrainingEvent>, judge);
    if (typeof source.subscribe === 'function') return fromStream(source as EventStream, judge);
  }
  throw new TypeError(
    `diagnose: events must be an iterable, an async iterable or an observable, got ${describeValue(events)}.`,
  );
}

type Judge = ReturnType<typeof judgeOf>;

async function* fromIterable(events: Iterable<TrainingEvent> | AsyncIterable<TrainingEvent>, judge: Judge) {
  for await (const event of events) yield* judge(event);
}

async function* fromStream(events$: EventStream, judge: Judge): AsyncGenerator<AlertEvent, void, void> {
  const queue: AlertEvent[] = [];
  let end: {error?: unknown} | undefined;
  let wake = (): void => {};
  const subscription = events$.subscribe({
    next: (event) => {
      queue.push(...judge(event));
      if (queue.length > 0) wake();
    },
    error: (error: unknown) => {
      end = {error};
      wake();
    },
    complete: () => {
      end = {};
      wake();
    },
  });
  try {
    for (;;) {
      const alert = queue.shift();
      if (alert !== undefined) yield alert;
      else if (end === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else if ('error' in end) throw end.error;
      else return;
    }
  } finally {
    subscription.unsubscribe();
  }
}
