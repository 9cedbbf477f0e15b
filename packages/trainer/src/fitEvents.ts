import {GradientOptimizer} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {Observable} from 'rxjs';
import {systemClock} from './clock.js';
import {EventBus} from './eventBus.js';
import type {TensorInput} from './learner.js';
import {randomId} from './randomId.js';
import {tensorsIn} from './standardBatch.js';
import {protectRunFromSubscribers} from './survivingSubscribers.js';
import type {RunEndReason, TrainingEvent} from './trainingEvent.js';

type Callbacks = NonNullable<tfl.ModelFitArgs['callbacks']>;

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
  const began = systemClock.now();
  const end = (reason: RunEndReason, error?: {name: string; message: string}): void =>
    bus.emit({type: 'runEnd', reason, ...(error && {error}), duration: systemClock.now() - began});
  try {
    if (model.optimizer == null)
      throw new Error('fitEvents: model is not compiled; call model.compile first.');
    const {epochs = 1, initialEpoch = 0, yieldEvery = 'auto'} = args;
    const translation = new tfl.CustomCallback(translate(model, x, args, bus), yieldEvery);
    const callbacks = [...callbackList(args.callbacks), translation];
    const {epoch, history} = await model.fit(x, y, {verbose: 0, ...args, callbacks});
    const hasDiverged = history['loss']?.some((loss) => !Number.isFinite(loss)) === true;
    end(hasDiverged ? 'diverged' : epoch.length < epochs - initialEpoch ? 'stopped' : 'completed');
  } catch (thrown) {
    const {name, message} = thrown instanceof Error ? thrown : new Error(String(thrown));
    end('failed', {name, message});
    throw thrown;
  } finally {
    unprotect();
  }
}

/** Callbacks that translate what tfjs tells into events. */
function translate(
  model: tfl.LayersModel,
  x: TensorInput,
  args: tfl.ModelFitArgs,
  bus: EventBus,
): tfl.CustomCallbackArgs {
  const {optimizer} = model;
  const {epochs = 1, initialEpoch = 0, validationData, validationSplit} = args;
  let epochBegan = 0;
  let batchBegan = 0;
  let wasFinite = true;
  bus.position = {run: randomId(), step: optimizer.iterations, epoch: initialEpoch};
  return {
    onTrainBegin: () => {
      const validates = validationData !== undefined || validationSplit !== undefined;
      bus.emit({
        type: 'runBegin',
        epochs: epochs - initialEpoch,
        stepsPerEpoch: stepsOf(x, args),
        parameters: model.trainableWeights.map(({name, shape}) => ({name, shape: shape.map(Number)})),
        transforms: isGradientOptimizer(optimizer) ? optimizer.transforms.map(({name}) => name) : [],
        metrics: validates
          ? model.metricsNames.flatMap((name) => [name, `val_${name}`])
          : [...model.metricsNames],
        optimizer: (isGradientOptimizer(optimizer) ? optimizer.inner : optimizer).getClassName(),
        backend: tf.getBackend(),
      });
    },
    onEpochBegin: (epoch) => {
      epochBegan = systemClock.now();
      bus.position = {...bus.position, step: optimizer.iterations, epoch};
      bus.emit({type: 'epochBegin'});
    },
    onBatchBegin: () => {
      bus.position = {...bus.position, step: optimizer.iterations};
      batchBegan = systemClock.now();
    },
    onBatchEnd: (batch, logs) => {
      const {loss, size} = logs as unknown as {loss: number; size: number};
      bus.emit({
        type: 'step',
        batch,
        size,
        learningRate: rateOf(optimizer),
        duration: systemClock.now() - batchBegan,
        loss,
        ...(optimizer.iterations === bus.position.step ? {skipped: true} : {}),
      });
      if (wasFinite && !Number.isFinite(loss)) {
        wasFinite = false;
        bus.emit({type: 'alert', rule: 'nonFiniteLoss', message: `The loss is ${loss}; model.fit goes on.`});
      }
    },
    onEpochEnd: (_epoch, logs) => {
      bus.emit({
        type: 'epochEnd',
        logs: {...logs} as Record<string, number>,
        duration: systemClock.now() - epochBegan,
      });
    },
  };
}

function stepsOf(x: TensorInput, {batchSize = 32, validationSplit = 0}: tfl.ModelFitArgs): number {
  const samples = tensorsIn(x)[0]?.shape[0] ?? 0;
  return Math.ceil(Math.floor(samples * (1 - validationSplit)) / batchSize);
}

/** tfjs rejects lists that mix callback objects with literals, so that literals are wrapped. */
function callbackList(callbacks: Callbacks | undefined): tfl.CustomCallback[] {
  const list = Array.isArray(callbacks) ? callbacks : callbacks === undefined ? [] : [callbacks];
  return list.map((callback) =>
    'setParams' in callback
      ? (callback as tfl.CustomCallback)
      : new tfl.CustomCallback(callback as tfl.CustomCallbackArgs, 'auto'),
  );
}

/** By name: tfjs makes `instanceof` true for any two optimizers. */
function isGradientOptimizer(optimizer: tf.Optimizer): optimizer is GradientOptimizer {
  return optimizer.getClassName() === GradientOptimizer.className;
}

function rateOf(optimizer: tf.Optimizer): number {
  const {learningRate} = optimizer as {learningRate?: unknown};
  return typeof learningRate === 'number' ? learningRate : Number.NaN;
}
