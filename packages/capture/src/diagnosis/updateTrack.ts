import type {CaptureEvent, RunBeginEvent, TrainingEvent} from '@gradwire/core';
import {kernelsOf} from './graph.js';
import {median} from './median.js';

/** Samples of `updateStats` that the typical step is taken from. */
const SPAN = 5;

/**
 * How large the steps are: the largest ‖Δw‖ / ‖w‖ of a layer with a kernel, as the median of the last 5 samples of `updateStats`.
 *
 * All parameters of a layer count together: biases alone are often next to 0, but it may be a bias alone that moves.
 */
export class UpdateTrack {
  /** Undefined until known. */
  typical: number | undefined;
  readonly #groups: readonly (readonly string[])[];
  readonly #weights = new Map<string, number>();
  readonly #recent: number[] = [];

  constructor(run: RunBeginEvent) {
    const of = new Map(run.layers?.map(({name, parameters}) => [name, parameters]));
    this.#groups = kernelsOf(run).map(({layer, parameters}) => of.get(layer) ?? parameters);
  }

  observe(event: TrainingEvent): void {
    if (event.type !== 'capture' || event.capture !== 'updateStats') return;
    let most = -Infinity;
    for (const names of this.#groups) most = Math.max(most, this.#ratioOf(names, event.values));
    if (most < 0) return;
    this.#recent.push(most);
    if (this.#recent.length > SPAN) this.#recent.shift();
    this.typical = median(this.#recent);
  }

  /** −Infinity where nothing is known. A ratio of 0 hides ‖w‖: then it is what it was. */
  #ratioOf(names: readonly string[], values: CaptureEvent['values']): number {
    let [moved, were, isKnown] = [0, 0, false];
    for (const name of names) {
      const {norm, ratio} = values[name] ?? {};
      if (norm === undefined || ratio === undefined) continue;
      if (norm > 0) this.#weights.set(name, norm / ratio);
      isKnown = true;
      moved = Math.hypot(moved, norm);
      were = Math.hypot(were, this.#weights.get(name) ?? 0);
    }
    const ratio = moved === 0 ? 0 : moved / were;
    return isKnown && Number.isFinite(ratio) ? ratio : -Infinity;
  }
}
