import type {AlertEvent, CaptureFailedEvent, TrainingEvent} from '@gradwire/trainer';
import type {Observable, Subscription} from 'rxjs';
import {AlertLines} from './alertLines.js';
import {enduringStream} from './enduringStream.js';
import {oneLine} from './format.js';
import {endLine} from './logLine.js';
import {logView} from './logView.js';
import type {ProgressStream} from './progressStream.js';
import {requireStream} from './requireStream.js';
import {RunProgress} from './runProgress.js';
import {terminalView} from './terminalView.js';
import {untilItThrows} from './untilItThrows.js';

/** Where progress is shown, and under which name. */
export interface ProgressOptions {
  /** Default `process.stderr`, so that stdout stays free for results. */
  readonly stream?: ProgressStream;
  /** Put in front of every line, to tell runs apart; default nothing. */
  readonly label?: string;
}

/**
 * Shows how a training comes along: epoch and batch, loss, metrics of the last epoch, speed and time left.
 *
 * On a terminal it is one line at the bottom, repainted at most ten times a second and cut to the width. Into a file or a
 * pipe go plain lines: one per epoch, thinned out to one a second, and one every 30 s within long epochs. Alerts, captures that fail and the
 * end of the run, with its reason and total time, stay as lines of their own.
 *
 * `loss` is the mean over the epoch so far, as Keras shows it. The time left follows the speed of the last seconds and
 * counts validation; where the data do not tell their length, it is known from the second epoch on. A step that
 * shows nothing costs well under a microsecond.
 *
 * @param options stream and label.
 * @returns a consumer; each subscription shows one trainer, run after run. It never throws.
 * @throws TypeError if `stream` has no `write`, or `label` is not a string.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {progress} from '@gradwire/loggers';
 * import {createTrainer} from '@gradwire/trainer';
 *
 * const trainer = createTrainer({
 *   model: tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [2]})]}),
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   consumers: [progress({label: 'demo'})],
 * });
 * await trainer.fit({x: tf.ones([64, 2]), y: tf.ones([64, 1])}, {epochs: 5});
 * ```
 */
export function progress({stream = process.stderr, label = ''}: ProgressOptions = {}): (
  events$: Observable<TrainingEvent>,
) => Subscription {
  requireStream('progress', stream);
  if (typeof label !== 'string')
    throw new TypeError(`progress: label must be a string, got ${String(label)}.`);

  return (events$) => {
    const attempt = untilItThrows();
    const name = oneLine(label);
    const enduring = enduringStream(stream);
    const view = enduring.isTTY === true ? terminalView(enduring, name) : logView(enduring, name);
    const alerts = new AlertLines();
    let run = new RunProgress();

    const show = (event: TrainingEvent) => {
      if (event.type === 'runBegin') run = new RunProgress();
      run.observe(event);
      switch (event.type) {
        case 'runBegin':
        case 'epochBegin':
        case 'step':
        case 'epochEnd':
          view.show(run, event);
          break;
        case 'alert':
          for (const line of alerts.lines(event)) view.print(line);
          break;
        case 'captureFailed':
          for (const line of alerts.lines(failureAlert(event))) view.print(line);
          break;
        case 'runEnd':
          for (const line of alerts.remaining()) view.print(line);
          view.end(endLine(run, event), event.time);
          break;
      }
    };

    const subscription = events$.subscribe({
      next: (event) => attempt(() => show(event)),
      // Without a handler, RxJS would throw the error at the process.
      error: (error: unknown) =>
        attempt(() => view.print(`the stream of events failed: ${oneLine(String(error))}`)),
    });
    subscription.add(() => attempt(() => view.close()));
    return subscription;
  };
}

/** In the words of an alert. */
function failureAlert({capture, error, disabled, ...event}: CaptureFailedEvent): AlertEvent {
  const message = `${error.message}${disabled ? ' It is left out from now on.' : ''}`;
  return {...event, type: 'alert', rule: `capture ${capture}`, severity: 'warning', message};
}
