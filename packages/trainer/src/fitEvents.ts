import type {TrainingEvent} from '@gradwire/core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {Observable} from 'rxjs';
import {batchesOf} from './batchesOf.js';
import {systemClock} from './clock.js';
import {EventBus} from './eventBus.js';
import {FitWatch} from './fitWatch.js';
import type {TensorInput} from './learner.js';
import {protectRunFromSubscribers} from './survivingSubscribers.js';

/**
 * The events of a plain `model.fit`: the stream that a trainer sends, for a project that keeps its own call.
 *
 * Training begins when the current call stack is done, so that whoever subscribes at once misses nothing. The stream
 * is hot: late subscribers join where it stands, and unsubscribing does not stop the training. It ends with `runEnd`;
 * when `fit` throws, that has the reason `failed`, and the stream ends with the error. A loss that is
 * not finite is an `alert`; `model.fit` goes on, and the reason is `diverged`. The loss is read back after every
 * batch. `await lastValueFrom(fitEvents(…))` waits for the end.
 *
 * @param model a compiled model.
 * @param x inputs, as `model.fit` takes them.
 * @param y targets, as `model.fit` takes them.
 * @param args as `model.fit` takes them; your own callbacks are called too. `verbose` is 0 unless given.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {fitEvents, ofType} from '@gradwire/trainer';
 * import {lastValueFrom} from 'rxjs';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]});
 * model.compile({loss: 'meanSquaredError', optimizer: 'sgd'});
 *
 * const events$ = fitEvents(model, tf.ones([8, 2]), tf.ones([8, 1]), {epochs: 2});
 * events$.pipe(ofType('epochEnd')).subscribe(({epoch, logs}) => console.log(epoch, logs.loss));
 * const end = await lastValueFrom(events$);
 * console.log(end.type); // runEnd
 * ```
 */
export function fitEvents(
  model: tfl.LayersModel,
  x: TensorInput,
  y: TensorInput,
  args: tfl.ModelFitArgs = {},
): Observable<TrainingEvent> {
  const bus = new EventBus(systemClock);
  const done = Promise.resolve()
    .then(() => fit(model, x, y, args, bus))
    .finally(() => bus.complete());
  done.catch(() => {}); // Whoever has subscribed is told, below.
  return new Observable((subscriber) => {
    const subscription = bus.events$.subscribe({
      next: (event) => subscriber.next(event),
      complete: () =>
        void done.then(
          () => subscriber.complete(),
          (error: unknown) => subscriber.error(error),
        ),
    });
    return subscription;
  });
}

async function fit(
  model: tfl.LayersModel,
  x: TensorInput,
  y: TensorInput,
  args: tfl.ModelFitArgs,
  bus: EventBus,
): Promise<void> {
  const unprotect = protectRunFromSubscribers();
  try {
    if (model.optimizer == null)
      throw new Error('fitEvents: model is not compiled; call model.compile first.');
    const watch = new FitWatch(model, [], bus);
    await watch.run({verbose: 0, ...args}, batchesOf(x, args), (told) => model.fit(x, y, told));
  } finally {
    unprotect();
  }
}
