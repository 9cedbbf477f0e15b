import type {TreatmentResult} from './treatment.js';

/** What several treatments have done together. */
export function joined(results: readonly TreatmentResult[]): Required<TreatmentResult> {
  return {
    change: results.map(({change}) => change).join('; '),
    parameters: [...new Set(results.flatMap(({parameters = []}) => parameters))],
  };
}
