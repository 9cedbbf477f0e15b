import {describeValue, requireInteger, requireOptions} from '@gradwire/core';
import {defineRemedy, type Remedy} from '@gradwire/trainer';
import {AlertResponse} from './alertResponse.js';
import {requireTreatments} from './requireTreatments.js';
import {together} from './together.js';
import type {Treatment} from './treatment.js';

/** Options of {@link onAlert}. */
export interface OnAlertOptions {
  /** Whether all is taken back that made things worse: changes, weights, optimizer; default false. */
  readonly undo?: boolean;
  /** Steps after which it is judged what came of it; a whole number >= 2, default 20. */
  readonly after?: number;
  /** How often at most it acts in a run; a whole number >= 1, default 3. */
  readonly times?: number;
  /** What its events are told apart by; default `onAlert(…)` with the rules. Two remedies of one trainer need two names. */
  readonly name?: string;
}

/**
 * A remedy that acts during a run, when an alert says that it is needed.
 *
 * Applies treatments between two steps: all of them or, if one throws, none. `after` steps later it compares the loss with that of as many
 * steps before, and sends a `remedy` event each time, with reason and effect:
 *
 *     before = mean loss of the last `after` steps before,  now = mean loss of the second half of the `after` steps since
 *     worse where now is not finite, or now > before + max(0.1 · |before|, 2 standard errors)
 *
 * With `undo`, what made things worse is taken back whole, at the price of a second copy of weights and optimizer in memory for
 * `after` steps. While one remedy waits for its effect, others wait: of the alerts meanwhile each answers its latest. After an undo, a remedy
 * waits twice as long as the last time before it acts again. Alerts of severity `info` change nothing.
 *
 * Somebody has to send alerts: `diagnosis()` of `@gradwire/capture`, or the trainer itself, whose `nonFiniteLoss` would end the
 * run otherwise.
 *
 * A change whose run ends before it is judged stays as it is; so does one that was judged worse at the very last step. In the next run on
 * the same trainer it begins anew: weights and transforms are as they were left, and so is the rate, unless the trainer has a `schedule`.
 * A treatment that throws while it watches is left out for the rest of the run, which a `failed` event says.
 *
 * @param rules the alerts that it answers, e.g. `'vanishingGradients'`; one or several.
 * @param treatment what it does: treatments, one or several, or a remedy, whose `transforms` are switched on and whose `initialize` gives
 *   parameters new values.
 * @throws RangeError or TypeError that names what is no rule, treatment or option.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {diagnosis, diagnosisCaptures} from '@gradwire/capture';
 * import {every} from '@gradwire/core';
 * import {onAlert, scaleRate} from '@gradwire/remedies';
 * import {createTrainer, ofType} from '@gradwire/trainer';
 *
 * const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1]})]});
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.sgd(0.1),
 *   captures: diagnosisCaptures({when: every(5)}),
 *   consumers: [diagnosis()],
 *   remedies: [onAlert('lossDivergence', scaleRate({factor: 0.1}), {undo: true})],
 * });
 * trainer.events$.pipe(ofType('remedy')).subscribe(({action, change}) => console.log(action, change));
 * await trainer.fit({x: tf.ones([8, 1]), y: tf.ones([8, 1])}, {epochs: 2});
 * ```
 */
export function onAlert(
  rules: string | readonly string[],
  treatment: Treatment | readonly Treatment[] | Remedy,
  options: OnAlertOptions = {},
): Remedy {
  const list = typeof rules === 'string' ? [rules] : rules;
  if (
    !Array.isArray(list) ||
    list.length === 0 ||
    list.some((rule) => typeof rule !== 'string' || rule === '')
  ) {
    throw new TypeError(
      `onAlert: rules must be names of rules, e.g. 'vanishingGradients', got ${describeValue(rules)}.`,
    );
  }
  const treatments = requireTreatments('onAlert', treatment);
  return respond('onAlert', list, treatments, options, {before: 'rules, treatment, '});
}

/**
 * The remedy of `onAlert`, and of whoever else makes one of its options.
 *
 * @param where name of the function whose options these are.
 * @param usual what is other than in `onAlert` where `options` do not say; `before` stands before the options in a call.
 */
export function respond(
  where: string,
  rules: readonly string[],
  treatments: readonly Treatment[],
  options: OnAlertOptions,
  usual: Pick<OnAlertOptions, 'undo' | 'times' | 'after'> & {readonly before?: string} = {},
): Remedy {
  const known = {undo: 'true', after: 20, times: 3, name: "'calm'"};
  const {
    undo = usual.undo ?? false,
    after = usual.after ?? 20,
    times = usual.times ?? 3,
    name = `onAlert(${rules.join(', ')})`,
  } = requireOptions(where, options, known, usual.before);
  if (typeof undo !== 'boolean') {
    throw new TypeError(`${where}: undo must be true or false, got ${describeValue(undo)}.`);
  }
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(`${where}: name must be a non-empty string, got ${describeValue(name)}.`);
  }
  requireInteger(where, {after}, 2);
  requireInteger(where, {times}, 1);
  const settings = {name, rules: new Set(rules), treatment: together(treatments), undo, after, times};
  return defineRemedy({
    name,
    consumers: [
      (events$, services) => {
        const response = new AlertResponse(settings, services);
        const subscription = events$.subscribe((event) => response.observe(event));
        subscription.add(() => response.end());
        return subscription;
      },
    ],
  });
}
