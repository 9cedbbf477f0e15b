import type {Alert} from '@gradwire/trainer';
import type {BoundedWriter} from './boundedWriter.js';
import {oneLine} from './format.js';

const BETWEEN_MS = 5_000;

/** Tells what writers have lost: not more often than every few seconds, and in the end. */
export class LossReport {
  #toldAt = Number.NEGATIVE_INFINITY;
  #told: string | undefined;

  constructor(
    private readonly name: string,
    private readonly writers: readonly BoundedWriter[],
    private readonly tell: (alert: Alert) => void,
  ) {}

  /** Something has been dropped, or could not be written. */
  trouble(): void {
    if (performance.now() - this.#toldAt >= BETWEEN_MS) this.end();
  }

  /** Tells what has not been told. */
  end(): void {
    const message = this.#message();
    if (message === undefined || message === this.#told) return;
    this.#told = message;
    this.#toldAt = performance.now();
    this.tell({rule: 'loggerDropped', severity: 'warning', message});
  }

  #message(): string | undefined {
    const dropped = this.writers.reduce((sum, writer) => sum + writer.dropped, 0);
    const failure = this.writers.find((writer) => writer.failure !== undefined)?.failure;
    const count = `${dropped} ${dropped === 1 ? 'event' : 'events'} dropped`;
    if (failure !== undefined) {
      const lost = dropped === 0 ? 'no event is lost yet' : count;
      return `${this.name}: writing fails (${oneLine(failure.message)}) and is tried again; ${lost}.`;
    }
    return dropped === 0 ? undefined : `${this.name}: ${count}: the disk is slower than the training.`;
  }
}
