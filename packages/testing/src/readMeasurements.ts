import {type CaptureEvent, describeValue, type Measurements, type MeasurementTable} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** What a `capture` event holds. */
export type ReadMeasurements = Pick<CaptureEvent, 'values' | 'arrays'>;

type Entry = readonly [subject: string, quantity: string, tensor: tf.Tensor];

/**
 * Reads what a capture has returned as the trainer does: what its `capture` event would hold.
 *
 * @param measured what `measure` or `finish` has returned.
 * @throws TypeError if that is neither a record of tensors of numbers nor a table.
 * @example
 * ```ts
 * import {readMeasurements} from '@gradwire/testing';
 * import * as tf from '@tensorflow/tfjs';
 *
 * const {values, arrays} = await readMeasurements({w: {max: tf.scalar(2), all: tf.tensor1d([1, 2])}});
 * console.log(values['w']?.max, [...(arrays['w']?.all ?? [])]); // 2 [1, 2]
 * ```
 */
export async function readMeasurements(measured: Measurements | MeasurementTable): Promise<ReadMeasurements> {
  const read: {
    values: Record<string, Record<string, number>>;
    arrays: Record<string, Record<string, Float32Array>>;
  } = {values: {}, arrays: {}};
  if (isTable(measured)) {
    const {subjects, quantities, values} = requireTable(measured);
    const numbers = await values.data();
    subjects.forEach((subject, row) => {
      const cells = quantities.map((quantity, column) => [
        quantity,
        numbers[row * quantities.length + column]!,
      ]);
      read.values[subject] = Object.fromEntries(cells) as Record<string, number>;
    });
    return read;
  }
  for (const [subject, quantity, tensor] of entriesOf(measured)) {
    const numbers = Float32Array.from(await tensor.data());
    if (tensor.rank === 0) (read.values[subject] ??= {})[quantity] = numbers[0]!;
    else (read.arrays[subject] ??= {})[quantity] = numbers;
  }
  return read;
}

function isTable(measured: unknown): measured is MeasurementTable {
  return (measured as {values?: unknown} | undefined)?.values instanceof tf.Tensor;
}

function requireTable(table: MeasurementTable): MeasurementTable {
  for (const key of ['subjects', 'quantities'] as const) {
    const names: unknown = table[key];
    if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
      throw new TypeError(`the table's ${key} must be a list of names, got ${describeValue(names)}.`);
    }
    if (new Set(names).size < names.length) {
      throw new TypeError(`the table's ${key} must differ, got ${names.join(', ')}.`);
    }
  }
  const {subjects, quantities, values} = table;
  const shape = [subjects.length, quantities.length];
  if (values.shape.join() !== shape.join()) {
    throw new TypeError(`the table's values must be of shape [${shape}], got [${values.shape}].`);
  }
  requireNumbers('the table', values);
  return table;
}

function entriesOf(measured: unknown): Entry[] {
  return Object.entries(requireRecord('a capture', measured)).flatMap(([subject, quantities]) =>
    Object.entries(requireRecord(`a capture for '${subject}'`, quantities)).map(
      ([quantity, tensor]): Entry => [
        subject,
        quantity,
        requireNumbers(`'${subject}', '${quantity}'`, tensor),
      ],
    ),
  );
}

function requireRecord(where: string, value: unknown): object {
  const isRecord =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof tf.Tensor) &&
    !(value instanceof Promise);
  if (isRecord) return value;
  throw new TypeError(
    `${where} must return {subject: {quantity: tensor}} or a table, got ${describeValue(value)}.`,
  );
}

function requireNumbers(where: string, value: unknown): tf.Tensor {
  if (value instanceof tf.Tensor && ['float32', 'int32', 'bool'].includes(value.dtype)) {
    if (!value.isDisposed) return value;
    throw new TypeError(`${where} must be a tensor that is not disposed.`);
  }
  throw new TypeError(`${where} must be a tensor of numbers, got ${describeValue(value)}.`);
}
