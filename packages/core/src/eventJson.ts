import type {TrainingEvent} from './trainingEvent.js';

const SPECIAL = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** Fields that hold numbers and nothing else. Names may be `NaN` if they like. */
const NUMBERS = ['values', 'arrays', 'logs', 'loss', 'learningRate', 'duration', 'time'];

/**
 * An event as one line of JSON. Arrays become lists of nine digits, which is all that a float32 has; NaN and infinities, which
 * JSON lacks, become the strings `"NaN"`, `"Infinity"`, `"-Infinity"`.
 *
 * @param event the event.
 * @example
 * ```ts
 * import {formatEvent, parseEvent} from '@gradwire/core';
 *
 * const line = formatEvent({type: 'epochBegin', run: 'r', step: 0, epoch: 0, time: 0});
 * console.log(line); // {"type":"epochBegin","run":"r","step":0,"epoch":0,"time":0}
 * console.log(parseEvent(line).type); // epochBegin
 * ```
 */
export function formatEvent(event: TrainingEvent): string {
  return JSON.stringify(event, (_key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (!(value instanceof Float32Array)) return value;
    return Array.from(value, (entry) => (Number.isFinite(entry) ? Number(entry.toPrecision(9)) : entry));
  });
}

/**
 * The inverse of {@link formatEvent}.
 *
 * @param line one line of JSON.
 * @throws SyntaxError if it is none.
 * @throws TypeError if it is no event.
 * @example
 * ```ts
 * import {parseEvent} from '@gradwire/core';
 *
 * const event = parseEvent('{"type":"epochEnd","run":"r","step":9,"epoch":0,"time":0,"logs":{"loss":"NaN"},"duration":5}');
 * console.log(event.type === 'epochEnd' && event.logs.loss); // NaN
 * ```
 */
export function parseEvent(line: string): TrainingEvent {
  const event = JSON.parse(line) as Record<string, unknown> | null;
  if (typeof event?.['type'] !== 'string') {
    throw new TypeError(`parseEvent: line must be a training event, got ${line.slice(0, 60)}.`);
  }
  for (const key of NUMBERS) if (key in event) event[key] = revived(event[key]);
  for (const quantities of Object.values(
    (event['arrays'] ?? {}) as Record<string, Record<string, number[]>>,
  )) {
    for (const [name, values] of Object.entries(quantities)) {
      (quantities as Record<string, unknown>)[name] = Float32Array.from(values);
    }
  }
  const {evidence} = event as {evidence?: {threshold: unknown; values: unknown}};
  if (evidence !== undefined) {
    evidence.threshold = revived(evidence.threshold);
    evidence.values = revived(evidence.values);
  }
  return event as unknown as TrainingEvent;
}

/** With the strings of {@link formatEvent} as numbers again. */
function revived(value: unknown): unknown {
  if (typeof value === 'string') return SPECIAL.get(value) ?? value;
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item)]));
}
