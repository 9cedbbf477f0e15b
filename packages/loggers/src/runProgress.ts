import type {TrainingEvent} from '@gradwire/trainer';
import {StepRate} from './stepRate.js';

/** Where a run stands, counted from its events. A step costs a few additions here. */
export class RunProgress {
  /** Unknown if the run was joined midway. */
  epochs: number | undefined;
  /** The current epoch, from 0. */
  epoch = 0;
  epochsDone = 0;
  /** Batches done in this epoch. */
  batches = 0;
  /** As announced, then as counted in the last epoch. */
  stepsPerEpoch: number | undefined;
  steps = 0;
  /** Of the last finished epoch. */
  logs: Readonly<Record<string, number>> = {};
  readonly #rate = new StepRate();
  #lossSum = 0;
  #lossSize = 0;
  #steppedAt: number | undefined;
  /** Milliseconds from the last step of an epoch to its end: validation. */
  #pause = 0;

  /** Mean over the losses read in this epoch; before the first, that of the last epoch. */
  get loss(): number | undefined {
    return this.#lossSize > 0 ? this.#lossSum / this.#lossSize : this.logs['loss'];
  }

  observe(event: TrainingEvent): void {
    switch (event.type) {
      case 'runBegin':
        this.epochs = event.epochs;
        this.stepsPerEpoch = event.stepsPerEpoch;
        break;
      case 'epochBegin':
        this.epoch = event.epoch;
        // A resumed run begins at a later epoch than 0: those before were done by others.
        this.epochsDone = Math.max(this.epochsDone, event.epoch);
        this.batches = 0;
        this.#lossSum = 0;
        this.#lossSize = 0;
        this.#steppedAt = event.time;
        break;
      case 'step':
        this.epoch = event.epoch;
        this.batches = event.batch + 1;
        this.steps++;
        if (event.loss !== undefined) {
          this.#lossSum += event.loss * event.size;
          this.#lossSize += event.size;
        }
        if (this.#steppedAt !== undefined) this.#rate.add(event.time - this.#steppedAt);
        this.#steppedAt = event.time;
        break;
      case 'epochEnd':
        this.epochsDone = event.epoch + 1;
        this.logs = event.logs;
        this.stepsPerEpoch = this.batches;
        this.#pause = this.#steppedAt === undefined ? 0 : event.time - this.#steppedAt;
        this.#steppedAt = undefined;
        break;
    }
  }

  /** Steps per second of the last seconds, validation not counted. */
  stepsPerSecond(): number | undefined {
    return this.#rate.perSecond();
  }

  /** Whether the current epoch has not ended. */
  isWithinEpoch(): boolean {
    return this.epochsDone <= this.epoch;
  }

  /** Share of the whole run that is done. */
  fraction(): number {
    if (this.epochs === undefined) return 0;
    const begun = this.isWithinEpoch() ? this.batches / (this.stepsPerEpoch ?? Number.POSITIVE_INFINITY) : 0;
    return Math.min(1, (this.epochsDone + Math.min(1, begun)) / this.epochs);
  }

  /** Milliseconds until the last epoch is done; undefined while that cannot be told. */
  timeLeft(): number | undefined {
    const rate = this.stepsPerSecond();
    if (rate === undefined || this.epochs === undefined || this.stepsPerEpoch === undefined) return undefined;
    const epochs = this.epochs - this.epochsDone;
    const done = this.isWithinEpoch() ? Math.min(this.batches, this.stepsPerEpoch) : 0;
    return (1000 * (epochs * this.stepsPerEpoch - done)) / rate + epochs * this.#pause;
  }
}
