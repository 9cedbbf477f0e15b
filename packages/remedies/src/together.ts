import {describeValue} from '@gradwire/core';
import type {Treatment, TreatmentResult} from './treatment.js';

/** Several treatments as one: all of them act, or none. Weights and optimizer are the caller's to put back where one throws. */
export function together(treatments: readonly Treatment[]): Treatment {
  return Object.freeze<Treatment>({
    name: treatments.map(({name}) => name).join(', '),
    begin(services) {
      const all = treatments.map((treatment) => ({name: treatment.name, active: treatment.begin(services)}));
      return {
        observe(event) {
          for (const {name, active} of all) {
            try {
              active.observe?.(event);
            } catch (cause) {
              throw new Error(`${name} threw: ${messageOf(cause)}`, {cause});
            }
          }
        },
        apply(training, alert) {
          const results: TreatmentResult[] = [];
          try {
            for (const {name, active} of all)
              results.push(requireResult(name, active.apply(training, alert)));
          } catch (thrown) {
            for (const {active} of all.slice(0, results.length)) active.undone?.();
            throw thrown;
          }
          return {
            change: results.map(({change}) => change).join('; '),
            parameters: [...new Set(results.flatMap(({parameters = []}) => parameters))],
          };
        },
        undone: () => all.forEach(({active}) => active.undone?.()),
        end: () => all.forEach(({active}) => active.end?.()),
      };
    },
  });
}

/** What was thrown, in words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function requireResult(name: string, result: unknown): TreatmentResult {
  const {change} = (result ?? {}) as Partial<TreatmentResult>;
  if (typeof change === 'string') return result as TreatmentResult;
  // Of one that is rejected, nobody must learn by the end of the process.
  if (result instanceof Promise) result.catch(() => {});
  throw new TypeError(
    `${name} must return what it has changed, {change: '…'}, got ${describeValue(result)}.`,
  );
}
