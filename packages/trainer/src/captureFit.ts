import type {Capture, TrainingEvent} from '@gradwire/core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Observable} from 'rxjs';
import {systemClock} from './clock.js';
import {EventBus} from './eventBus.js';
import {batchesOf} from './batchesOf.js';
import {FitWatch} from './fitWatch.js';
import {requireLists} from './requireKinds.js';
import {patchMethods} from './patchMethods.js';
import {requireCapture, requireUniqueCaptures} from './requireTrainerOptions.js';
import {protectRunFromSubscribers} from './survivingSubscribers.js';

/**
 * Lets captures measure in the next `model.fit` or `model.fitDataset`: the events that a trainer sends, for a project that keeps
 * its own call.
 *
 * Watches one run. The stream ends after `runEnd`, and nothing of the model, its layers or its optimizer is patched then; for the
 * next run call this again. Unsubscribing does not stop the training. Gradients after each transform are there where the
 * optimizer comes from `transformGradients`; of any other there are the raw ones. The loss is read back after every batch.
 *
 * @param model a compiled model.
 * @param captures what to measure.
 * @throws Error if the model is not compiled.
 * @throws TypeError if `captures` is not a list of captures. What a capture cannot measure in this model, `fit` throws before
 *   its first step.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {activationStats, gradientStats} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {captureFit, ofType} from '@gradwire/trainer';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2], name: 'out'})]});
 * model.compile({loss: 'meanSquaredError', optimizer: 'sgd'});
 *
 * const events$ = captureFit(model, [gradientStats({when: every(10)}), activationStats({when: every(10)})]);
 * events$.pipe(ofType('capture')).subscribe(({capture, step, values}) => console.log(capture, step, values));
 * await model.fit(tf.ones([8, 2]), tf.ones([8, 1]), {epochs: 2});
 * ```
 */
export function captureFit(model: tfl.LayersModel, captures: readonly Capture[]): Observable<TrainingEvent> {
  if (model?.optimizer == null)
    throw new Error('captureFit: model is not compiled; call model.compile first.');
  requireLists('captureFit', {captures});
  for (const capture of captures) requireCapture('captureFit', capture);
  requireUniqueCaptures('captureFit', captures);
  const bus = new EventBus(systemClock);
  const watched = (run: (watch: FitWatch) => Promise<tfl.History>): Promise<tfl.History> => {
    unpatch();
    const unprotect = protectRunFromSubscribers();
    return Promise.resolve()
      .then(() => run(new FitWatch(model, captures, bus)))
      .finally(() => {
        bus.complete();
        unprotect();
      });
  };
  const unpatch = patchMethods<Pick<tfl.LayersModel, 'fit' | 'fitDataset'>>(model, {
    fit:
      (fit) =>
      (x, y, args = {}) =>
        watched((watch) => watch.run(args, batchesOf(x, args), (told) => fit(x, y, told))),
    fitDataset: (fitDataset) => (dataset, args) =>
      watched((watch) => watch.run(args, args.batchesPerEpoch, (told) => fitDataset(dataset, told))),
  });
  return bus.events$;
}
