import type {Observable} from 'rxjs';
import type {TrainingEvent} from '@gradwire/core';

/**
 * The events of one run, for `for await`. Leaving the loop early stops the run.
 *
 * @param events$ where the events come from.
 * @param start starts the run; its rejection is thrown after the last event.
 * @param stop ends the run; not called once it is over, when another may have begun.
 */
export async function* eventIterator(
  events$: Observable<TrainingEvent>,
  start: () => Promise<unknown>,
  stop: () => void,
): AsyncGenerator<TrainingEvent, void, void> {
  const queue: TrainingEvent[] = [];
  let wake = (): void => {};
  let over = false;
  const subscription = events$.subscribe((event) => {
    queue.push(event);
    wake();
  });
  const run = start().finally(() => {
    over = true;
    subscription.unsubscribe();
    wake();
  });
  run.catch(() => {}); // Thrown below, once the events before it have been seen.
  try {
    while (!over || queue.length > 0) {
      const event = queue.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    await run;
  } finally {
    if (!over) stop();
    await run.catch(() => {});
  }
}
