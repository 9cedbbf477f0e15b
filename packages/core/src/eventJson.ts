import type {CaptureEvent, TrainingEvent} from './trainingEvent.js';

const SPECIAL = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

const TYPES: ReadonlySet<TrainingEvent['type']> = new Set([
  'runBegin',
  'epochBegin',
  'step',
  'capture',
  'captureFailed',
  'alert',
  'remedy',
  'epochEnd',
  'runEnd',
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
  const event: unknown = JSON.parse(line);
  if (!isEvent(event)) {
    throw new TypeError(`parseEvent: line must be a training event, got ${line.slice(0, 60)}.`);
  }
  const parsed: Record<string, unknown> = {...event};
  for (const key of NUMBERS) if (key in parsed) parsed[key] = revived(parsed[key]);
  if (event.type === 'capture') parsed['arrays'] = arraysOf(parsed['arrays'] as Lists);
  if (event.type === 'alert' && event.evidence !== undefined) {
    const {threshold, values} = event.evidence;
    parsed['evidence'] = {...event.evidence, threshold: revived(threshold), values: revived(values)};
  }
  return parsed as unknown as TrainingEvent;
}

type Lists = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

function isEvent(value: unknown): value is TrainingEvent {
  const {type, values, arrays} = (value ?? {}) as Partial<CaptureEvent>;
  if (!TYPES.has(type as TrainingEvent['type'])) return false;
  return type !== 'capture' || [values, arrays].every((part) => typeof part === 'object' && part !== null);
}

function arraysOf(lists: Lists): CaptureEvent['arrays'] {
  return Object.fromEntries(
    Object.entries(lists).map(([subject, quantities]) => [
      subject,
      Object.fromEntries(Object.entries(quantities).map(([name, list]) => [name, Float32Array.from(list)])),
    ]),
  );
}

/** With the strings of {@link formatEvent} as numbers again. */
function revived(value: unknown): unknown {
  if (typeof value === 'string') return SPECIAL.get(value) ?? value;
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revived(item)]));
}
