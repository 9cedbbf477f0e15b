import {type Observable, Subject} from 'rxjs';
import type {Clock} from './clock.js';
import type {EventPosition, TrainingEvent} from '@gradwire/core';

type WithoutPosition<E> = E extends TrainingEvent ? Omit<E, keyof EventPosition> : never;

/** An event as its source writes it; run, step, epoch and time are added. */
export type Emission = WithoutPosition<TrainingEvent>;

/** The one place where events come into being: stamps, freezes and sends them. */
export class EventBus {
  readonly events$: Observable<TrainingEvent>;
  /** Where the current run stands. */
  position: Omit<EventPosition, 'time'> = {run: '', step: 0, epoch: 0};
  readonly #subject = new Subject<TrainingEvent>();
  readonly #queue: TrainingEvent[] = [];
  #sending = false;

  constructor(private readonly clock: Clock) {
    this.events$ = this.#subject.asObservable();
  }

  emit(event: Emission): void {
    const {run, step, epoch} = this.position;
    const stamped = {...event, run, step, epoch, time: this.clock.now()};
    this.#queue.push(deepFreeze(stamped) as TrainingEvent);
    this.#send();
  }

  complete(): void {
    this.#subject.complete();
  }

  /** What a subscriber emits waits until all have seen the current event: everybody sees the same order. */
  #send(): void {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift())
        this.#subject.next(event);
    } finally {
      this.#sending = false;
    }
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const item of Object.values(value)) {
    if (typeof item === 'object' && item !== null && !ArrayBuffer.isView(item)) deepFreeze(item);
  }
  return Object.freeze(value);
}
