import type {RunBeginEvent, TrainingEvent} from '@gradwire/core';
import {median} from './median.js';
import {noiseOf} from './noise.js';

/** Samples after which the start of a loss is known: a batch of 32, or several that are smaller. */
const START_SAMPLES = 32;

/** Standard error of a median, in units of that of a mean: √(π/2). */
export const MEDIAN_ERROR = 1.2533;

/**
 * The loss of a run without its noise: of the steps where it is read; of the epochs, where it is read at none.
 *
 * - `start`: mean over the first batches, until they held 32 samples;
 * - `smooth`: median of the last epoch, at least 5 and at most 25 values, so that one batch does not move it;
 * - `best`: the smallest `smooth` so far.
 *
 * All are NaN until known. Values that are not finite are passed over.
 */
export class LossTrack {
  start = Number.NaN;
  smooth = Number.NaN;
  best = Number.NaN;
  readonly #span: number;
  readonly #recent: number[] = [];
  #samples = 0;
  #sum = 0;
  #isReadAtSteps = false;

  constructor({stepsPerEpoch = 10}: RunBeginEvent) {
    this.#span = Math.min(25, Math.max(5, stepsPerEpoch));
  }

  /** What of the start is left: 1 at the start, and as long as nothing is known. */
  get remaining(): number {
    const remaining = this.smooth / this.start;
    return Number.isFinite(remaining) && this.start > 0 ? remaining : 1;
  }

  /** What batches make of the loss: the deviation σ of ln L over the losses that `smooth` is the median of. */
  get noise(): number {
    return noiseOf(this.#recent.map(Math.log));
  }

  /** Standard error of ln `smooth` − ln `best`, two medians of n losses: σ · 1.2533 · √(2/n). */
  get error(): number {
    return this.noise * MEDIAN_ERROR * Math.sqrt(2 / this.#recent.length);
  }

  /** Takes in an event, and returns its loss, if it has one that counts. */
  observe(event: TrainingEvent): number | undefined {
    const {loss, size} =
      event.type === 'step'
        ? event
        : {
            loss: event.type === 'epochEnd' && !this.#isReadAtSteps ? event.logs['loss'] : undefined,
            size: START_SAMPLES,
          };
    if (loss === undefined || !Number.isFinite(loss)) return undefined;
    if (event.type === 'step') this.#isReadAtSteps = true;
    if (this.#samples < START_SAMPLES) {
      this.#sum += loss * size;
      this.#samples += size;
      if (this.#samples >= START_SAMPLES) this.start = this.#sum / this.#samples;
    }
    this.#recent.push(loss);
    if (this.#recent.length > this.#span) this.#recent.shift();
    if (this.#recent.length >= Math.min(5, this.#span)) {
      this.smooth = median(this.#recent);
      this.best = Math.min(this.smooth, Number.isNaN(this.best) ? Infinity : this.best);
    }
    return loss;
  }
}
