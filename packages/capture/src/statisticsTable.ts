import {
  describeValue,
  type MeasurementTable,
  type NamedTensors,
  requirePositive,
  statisticsOfEach,
  type StepSchedule,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {quantilesOfEach} from './quantilesOfEach.js';

/** What all captures of statistics can be told. */
export interface StatsOptions {
  /** The steps to measure at, e.g. `every(10)`. */
  readonly when: StepSchedule;
  /** Adds `below`, the share of entries whose size is less than this; > 0, in the unit of what is measured. Default: leaves it out. */
  readonly below?: number;
  /** Adds quantiles, as `q0.05`, …; each in [0, 1]. Sorts every tensor, which is slow. Default: none. */
  readonly quantiles?: readonly number[];
}

/** For `requireOptions`: examples of these options. */
export const statsOptions = {when: 'every(10)', below: 1e-7, quantiles: '[0.05, 0.95]'};

/**
 * Makes the table of statistics that a capture has been asked for: a row per tensor.
 *
 * @param where name of the function whose options these are.
 * @throws RangeError if `below` is not a number > 0, or a quantile is not in [0, 1].
 * @throws TypeError if `quantiles` is not a list.
 */
export function statisticsTable(
  where: string,
  {below, quantiles = []}: Omit<StatsOptions, 'when'>,
): (tensors: NamedTensors) => MeasurementTable {
  if (below !== undefined) requirePositive(where, {below});
  if (!Array.isArray(quantiles)) {
    throw new TypeError(`${where}: quantiles must be a list, got ${describeValue(quantiles)}.`);
  }
  const columns = [...new Set(quantiles as readonly number[])];
  for (const quantile of columns) {
    if (typeof quantile === 'number' && quantile >= 0 && quantile <= 1) continue;
    const got = typeof quantile === 'number' ? String(quantile) : describeValue(quantile);
    throw new RangeError(`${where}: quantiles must be between 0 and 1, got ${got}.`);
  }
  return (tensors) => {
    const statistics = statisticsOfEach(tensors, below === undefined ? {} : {below});
    const table = {subjects: Object.keys(tensors), ...statistics};
    if (columns.length === 0) return table;
    return withColumns(
      table,
      columns.map((quantile) => `q${quantile}`),
      quantilesOfEach(tensors, columns),
    );
  };
}

/** The table with more columns: their names, and values of shape [subjects, columns]. */
export function withColumns(
  {subjects, quantities, values}: MeasurementTable,
  names: readonly string[],
  columns: tf.Tensor,
): MeasurementTable {
  return {subjects, quantities: [...quantities, ...names], values: tf.concat([values, columns], 1)};
}
