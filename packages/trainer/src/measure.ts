import type {Capture, Measurements, MeasurementTable} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Emission} from './eventBus.js';
import {describeData} from './standardBatch.js';

/** What a capture returns. */
export type Measuring = Measurements | MeasurementTable;

/** What has become of one capture: an event, or what it has thrown. */
export interface Measured {
  readonly capture: Capture;
  readonly event?: Emission;
  readonly error?: unknown;
  /** Milliseconds. */
  readonly spent: number;
}

type Records<T> = Record<string, Record<string, T>>;
interface Part {
  readonly tensor: tf.Tensor;
  /** Puts what was read of it where it belongs. */
  readonly place: (data: Float32Array, values: Records<number>, arrays: Records<Float32Array>) => void;
}
interface Attempt {
  readonly capture: Capture;
  readonly spent: number;
  readonly parts?: readonly Part[];
  readonly flat?: readonly tf.Tensor[];
  readonly error?: unknown;
}

/** Lets captures measure, and reads all that they return in one asynchronous transfer. */
export async function measure(
  captures: readonly Capture[],
  how: (capture: Capture) => Measuring,
): Promise<Measured[]> {
  const {attempts, transfer} = start(captures, how);
  const began = performance.now();
  let data: Float32Array = new Float32Array();
  let unread: {readonly error: unknown} | undefined;
  try {
    if (transfer !== undefined) data = (await transfer.data()) as Float32Array;
  } catch (error) {
    unread = {error};
  } finally {
    transfer?.dispose();
  }
  const reading = (performance.now() - began) / attempts.length;
  let offset = 0;
  return attempts.map(({capture, spent: measuring, parts, error}) => {
    const spent = measuring + reading;
    if (parts === undefined) return {capture, spent, error};
    if (unread !== undefined) return {capture, spent, ...unread};
    const [values, arrays]: [Records<number>, Records<Float32Array>] = [{}, {}];
    for (const {tensor, place} of parts) {
      place(data.subarray(offset, offset + tensor.size), values, arrays);
      offset += tensor.size;
    }
    return {capture, spent, event: {type: 'capture', capture: capture.name, values, arrays}};
  });
}

/** What is computed before the read: all on the device, and nothing of it is left but the tensor to read. */
function start(
  captures: readonly Capture[],
  how: (capture: Capture) => Measuring,
): {readonly attempts: readonly Attempt[]; readonly transfer?: tf.Tensor} {
  let attempts: readonly Attempt[] = [];
  const transfer = tf.tidy(() => {
    attempts = captures.map((capture) => attempt(capture, how));
    const flat = attempts.flatMap((each) => each.flat ?? []);
    return flat.length === 0 ? [] : tf.concat(flat as tf.Tensor[]);
  });
  return transfer instanceof tf.Tensor ? {attempts, transfer} : {attempts};
}

function attempt(capture: Capture, how: (capture: Capture) => Measuring): Attempt {
  const began = performance.now();
  let parts: readonly Part[] = [];
  try {
    const flat = tf.tidy(() => {
      parts = partsOf(capture.name, how(capture));
      return parts.map(({tensor}) => tf.cast(tf.reshape(tensor, [-1]), 'float32'));
    });
    return {capture, spent: performance.now() - began, parts, flat};
  } catch (error) {
    return {capture, spent: performance.now() - began, error};
  }
}

function partsOf(capture: string, measured: unknown): Part[] {
  const record = requireRecord(capture, '', measured);
  if (Array.isArray((record as Partial<MeasurementTable>).subjects)) {
    return [tableOf(capture, record as MeasurementTable)];
  }
  return Object.entries(record).flatMap(([subject, quantities]) =>
    Object.entries(requireRecord(capture, ` for '${subject}'`, quantities)).map(
      ([quantity, tensor]): Part => ({
        tensor: requireNumbers(capture, ` for '${subject}' and '${quantity}'`, tensor),
        place: (data, values, arrays) => {
          if ((tensor as tf.Tensor).rank === 0) (values[subject] ??= {})[quantity] = data[0]!;
          else (arrays[subject] ??= {})[quantity] = data.slice();
        },
      }),
    ),
  );
}

function tableOf(capture: string, {subjects, quantities, values: tensor}: MeasurementTable): Part {
  requireNumbers(capture, ' as values', tensor);
  if (tensor.size !== subjects.length * quantities?.length) {
    throw new TypeError(
      `capture '${capture}': values of ${subjects.length} subjects and ${quantities?.length} quantities must have shape [${subjects.length}, ${quantities?.length}], got [${tensor.shape}].`,
    );
  }
  return {
    tensor,
    place: (data, values) => {
      subjects.forEach((subject, row) => {
        const cells = quantities.map(
          (quantity, i) => [quantity, data[row * quantities.length + i]!] as const,
        );
        values[subject] = Object.fromEntries(cells);
      });
    },
  };
}

function requireNumbers(capture: string, where: string, tensor: unknown): tf.Tensor {
  if (tensor instanceof tf.Tensor && tensor.dtype !== 'string') return tensor;
  throw new TypeError(
    `capture '${capture}': measure must return a tensor of numbers${where}, got ${describeData(tensor)}.`,
  );
}

function requireRecord(capture: string, where: string, value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof tf.Tensor))
    return value;
  throw new TypeError(
    `capture '${capture}': measure must return {subject: {quantity: tensor}}, got ${describeData(value)}${where}.`,
  );
}
