import {describeValue} from '@gradwire/core';
import type {Treatment} from '../treatment.js';
import {joined} from '../joined.js';

/**
 * One of several treatments: the first that finds something to change, and at the next alert one after it, round and round.
 *
 * @param choices in the order of trying; a list of treatments is one choice, all of it or nothing.
 * @throws TypeError if one is no treatment, or there is none.
 * @example
 * ```ts
 * import {breakSymmetry, inTurn, onAlert, scaleRate} from '@gradwire/remedies';
 *
 * const remedy = onAlert('lossPlateau', inTurn(breakSymmetry(), scaleRate({factor: 3})), {undo: true});
 * ```
 */
export function inTurn(...choices: readonly (Treatment | readonly Treatment[])[]): Treatment {
  const treatments = choices.flat();
  const alien = treatments.find(({begin}) => typeof begin !== 'function');
  if (treatments.length === 0 || alien !== undefined) {
    throw new TypeError(`inTurn: treatments must be treatments, got ${describeValue(alien ?? treatments)}.`);
  }
  return Object.freeze<Treatment>({
    name: 'inTurn',
    begin(services) {
      let next = 0;
      const active = choices.map((choice) => [choice].flat().map((treatment) => treatment.begin(services)));
      return {
        observe: (event) => active.flat().forEach((treatment) => treatment.observe?.(event)),
        apply(training, alert) {
          const reasons: string[] = [];
          const order = [...active.slice(next), ...active.slice(0, next)];
          for (const choice of order) {
            const snapshot = training.snapshot();
            try {
              const done = joined(choice.map((treatment) => treatment.apply(training, alert)));
              next = (active.indexOf(choice) + 1) % active.length;
              return done;
            } catch (thrown) {
              snapshot.restore();
              reasons.push(thrown instanceof Error ? thrown.message : String(thrown));
            } finally {
              snapshot.dispose();
            }
          }
          throw new Error(reasons.join(' '));
        },
        end: () => active.flat().forEach((treatment) => treatment.end?.()),
      };
    },
  });
}
