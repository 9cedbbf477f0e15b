import {describeValue} from '@gradwire/core';
import {isTreatment} from '../requireTreatments.js';
import {messageOf, together} from '../together.js';
import type {ActiveTreatment, Treatment} from '../treatment.js';

/**
 * One of several treatments: the first that finds something to change, and at the next alert one after it, round and round.
 *
 * @param choices in the order of trying; a list of treatments is one choice, all of it or nothing.
 * @throws TypeError if one is no treatment, a list is empty, or there is none.
 * @example
 * ```ts
 * import {breakSymmetry, inTurn, onAlert, scaleRate} from '@gradwire/remedies';
 *
 * const remedy = onAlert('lossPlateau', inTurn(breakSymmetry(), scaleRate({factor: 3})), {undo: true});
 * ```
 */
export function inTurn(...choices: readonly (Treatment | readonly Treatment[])[]): Treatment {
  const lists = choices.map((choice) => [choice].flat());
  const aliens = lists.flat().filter((treatment) => !isTreatment(treatment));
  if (lists.length === 0 || lists.some((list) => list.length === 0) || aliens.length > 0) {
    const hint = typeof aliens[0] === 'function' ? ' Was the factory not called?' : '';
    const got = aliens.length === 0 ? 'none' : describeValue(aliens[0]);
    throw new TypeError(`inTurn: treatments must be treatments, got ${got}.${hint}`);
  }
  const treatments = lists.map((list) => together(list));
  return Object.freeze<Treatment>({
    name: 'inTurn',
    begin(services) {
      let next = 0;
      let last: ActiveTreatment | undefined;
      const all = treatments.map((treatment) => treatment.begin(services));
      return {
        observe: (event) => all.forEach((active) => active.observe?.(event)),
        apply(training, alert) {
          const reasons: string[] = [];
          for (const active of [...all.slice(next), ...all.slice(0, next)]) {
            const snapshot = training.snapshot();
            try {
              const done = active.apply(training, alert);
              next = (all.indexOf(active) + 1) % all.length;
              last = active;
              return done;
            } catch (thrown) {
              snapshot.restore();
              reasons.push(messageOf(thrown));
            } finally {
              snapshot.dispose();
            }
          }
          throw new Error(reasons.join(' '));
        },
        undone: () => last?.undone?.(),
        end: () => all.forEach((active) => active.end?.()),
      };
    },
  });
}
