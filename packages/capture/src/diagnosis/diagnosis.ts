import type {Alert, TrainingEvent} from '@gradwire/core';
import {type DiagnosisOptions, judgeOf} from './judge.js';

/** Watches a training and sends alerts into its stream: what a trainer takes as a consumer. */
export type DiagnosisConsumer = <S>(
  events$: {subscribe(next: (event: TrainingEvent) => void): S},
  services: {alert(alert: Alert): void},
) => S;

/**
 * A consumer that watches a training, and sends what its rules find as `alert` events into the trainer's own stream.
 *
 * Where a remedy gives parameters new values in the middle of a run, or takes them back, its rules begin anew, with their warm-up and empty
 * windows.
 *
 * @throws TypeError if `options` is no object, has an unknown key, or `rules` is not a list of rules.
 * @throws Error if two rules have the same id.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({units: 4, activation: 'relu', inputShape: [2]}),
 *     tf.layers.dense({units: 1}),
 *   ],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   captures: diagnosisCaptures({when: every(10)}),
 *   consumers: [diagnosis()],
 * });
 * trainer.events$.pipe(ofType('alert')).subscribe(({rule, message}) => console.warn(rule, message));
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 */
export function diagnosis(options: DiagnosisOptions = {}): DiagnosisConsumer {
  judgeOf('diagnosis', options);
  return (events$, services) => {
    const judge = judgeOf('diagnosis', options);
    return events$.subscribe((event) => {
      for (const {type: _type, run: _run, step: _step, epoch: _epoch, time: _time, ...alert} of judge(
        event,
      )) {
        services.alert(alert);
      }
    });
  };
}
