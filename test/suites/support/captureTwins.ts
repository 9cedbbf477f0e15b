import {normOf} from './values.js';

/** What the statistics of a tensor are, by the plainest means. */
export function statisticsOf(
  values: readonly number[],
  {below, quantiles = []}: {readonly below?: number; readonly quantiles?: readonly number[]} = {},
): Record<string, number> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const share = (isMeant: (value: number) => boolean): number =>
    values.filter(isMeant).length / values.length;
  return {
    mean,
    std: normOf(values.map((value) => value - mean)) / Math.sqrt(values.length),
    meanAbs: values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length,
    norm: normOf(values),
    maxAbs: Math.max(...values.map(Math.abs)),
    min: Math.min(...values),
    max: Math.max(...values),
    zeros: share((value) => value === 0),
    ...(below === undefined ? {} : {below: share((value) => Math.abs(value) < below)}),
    ...Object.fromEntries(quantiles.map((quantile) => [`q${quantile}`, quantileOf(values, quantile)])),
  };
}

function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = quantile * (values.length - 1);
  const [lower, upper] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return lower + (upper - lower) * (place - Math.floor(place));
}

/** How many entries are in which bin, as `numpy.histogram` has it. */
export function countsOf(values: readonly number[], edges: readonly number[]): number[] {
  const last = edges.length - 2;
  return edges.slice(0, -1).map((edge, i) => {
    const next = edges[i + 1]!;
    return values.filter((value) => value >= edge && (value < next || (i === last && value === next))).length;
  });
}

/** For each unit, an entry of the last axis, the share of entries of which something is true. */
export function shareOfEachUnit(
  values: readonly number[],
  units: number,
  isMeant: (value: number) => boolean,
): number[] {
  return Array.from({length: units}, (_, unit) => {
    const own = values.filter((_value, i) => i % units === unit);
    return own.filter(isMeant).length / own.length;
  });
}
