import type {TrainingEvent} from '@gradwire/trainer';

/** What a curve on a page with dozens of them can show. */
const MOST = 300;

/** All events but steps and captures, and of these, kind by kind, some hundred, with the last of all and of every
 * epoch: readers count by them. */
export function thinned(events: readonly TrainingEvent[]): TrainingEvent[] {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(kindOf(event), (counts.get(kindOf(event)) ?? 0) + 1);
  const lasts = lastStepsOfEpochs(events);
  const seen = new Map<string, number>();
  return events.filter((event) => {
    if (event.type !== 'step' && event.type !== 'capture') return true;
    const kind = kindOf(event);
    const index = seen.get(kind) ?? 0;
    seen.set(kind, index + 1);
    const count = counts.get(kind)!;
    return index % Math.ceil(count / MOST) === 0 || index === count - 1 || lasts.has(event);
  });
}

function lastStepsOfEpochs(events: readonly TrainingEvent[]): Set<TrainingEvent> {
  const lasts = new Set<TrainingEvent>();
  let last: TrainingEvent | undefined;
  for (const event of events) {
    if (event.type === 'step') last = event;
    else if (event.type === 'epochEnd' && last !== undefined) lasts.add(last);
  }
  return lasts;
}

function kindOf(event: TrainingEvent): string {
  return event.type === 'capture' ? `capture ${event.capture}` : event.type;
}
