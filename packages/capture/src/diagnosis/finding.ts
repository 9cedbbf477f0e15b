import type {CaptureEvent, TrainingEvent} from '@gradwire/core';
import type {Finding} from './diagnosisRule.js';
import type {Sample} from './window.js';

/** The parts of a {@link Finding}, evidence as samples. */
interface FindingParts extends Pick<Finding, 'severity' | 'message' | 'remedies'> {
  readonly layers?: readonly string[];
  /** What was compared. */
  readonly quantity: string;
  readonly threshold: number;
  readonly samples: readonly Sample[];
}

/** A list of one finding. */
export function finding(parts: FindingParts): Finding[] {
  const {severity, message, layers, quantity, threshold, samples, remedies} = parts;
  const values = samples.map(({value}) => value);
  const evidence = {quantity, threshold, values, steps: samples.map(({step}) => step)};
  return [
    {
      severity,
      message,
      ...(layers === undefined ? {} : {layers: [...new Set(layers)]}),
      evidence,
      ...(remedies === undefined ? {} : {remedies}),
    },
  ];
}

/** Judges the events of one capture only. */
export function onCapture(
  name: string,
  judge: (event: CaptureEvent) => readonly Finding[],
): (event: TrainingEvent) => readonly Finding[] {
  return (event) => (event.type === 'capture' && event.capture === name ? judge(event) : []);
}

/** A number in a sentence: three digits. */
export function inWords(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}

/** Names in a sentence: the first three of them. */
export function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const more = distinct.length - 3;
  return distinct.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** The value of the newest sample. */
export function latest(samples: readonly Sample[]): number {
  return samples.at(-1)!.value;
}

/** The layer of a capture's key: `lstm:1` is a second output of `lstm`, `dense#2` a second call of `dense`. */
export function layerOfKey(key: string): string {
  return key.replace(/(:\d+)?(#\d+)?$/, '');
}
