import {type Capture, describeValue, type Measurements, type MeasurementTable} from '@gradwire/core';
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

/** By subject, then by quantity. Maps, since both may have names that objects are born with. */
type Records<T> = Map<string, Map<string, T>>;
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
    const [values, arrays]: [Records<number>, Records<Float32Array>] = [new Map(), new Map()];
    for (const {tensor, place} of parts) {
      place(data.subarray(offset, offset + tensor.size), values, arrays);
      offset += tensor.size;
    }
    const event = {
      type: 'capture',
      capture: capture.name,
      values: plain(values),
      arrays: plain(arrays),
    } as const;
    return {capture, spent, event};
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
          if ((tensor as tf.Tensor).rank === 0) put(values, subject, quantity, data[0]!);
          else put(arrays, subject, quantity, data.slice());
        },
      }),
    ),
  );
}

function tableOf(capture: string, {subjects, quantities, values: tensor}: MeasurementTable): Part {
  requireNumbers(capture, ' as values', tensor);
  const shape = [subjects.length, quantities?.length];
  if (tensor.shape.join() !== shape.join()) {
    throw new TypeError(
      `capture '${capture}': values of ${shape[0]} subjects and ${shape[1]} quantities must have shape [${shape.join(', ')}], got [${tensor.shape.join(', ')}].`,
    );
  }
  const twice = subjects.find((subject, i) => subjects.indexOf(subject) !== i);
  if (twice !== undefined) throw new TypeError(`capture '${capture}': subject '${twice}' is there twice.`);
  return {
    tensor,
    place: (data, values) => {
      subjects.forEach((subject, row) => {
        quantities.forEach((quantity, i) =>
          put(values, subject, quantity, data[row * quantities.length + i]!),
        );
      });
    },
  };
}

function put<T>(records: Records<T>, subject: string, quantity: string, value: T): void {
  const record = records.get(subject) ?? new Map<string, T>();
  records.set(subject, record.set(quantity, value));
}

function plain<T>(records: Records<T>): Record<string, Record<string, T>> {
  return Object.fromEntries([...records].map(([subject, record]) => [subject, Object.fromEntries(record)]));
}

function requireNumbers(capture: string, where: string, tensor: unknown): tf.Tensor {
  if (tensor instanceof tf.Tensor && tensor.dtype !== 'string' && tensor.dtype !== 'complex64') return tensor;
  throw new TypeError(
    `capture '${capture}': measure must return a tensor of numbers${where}, got ${describeData(tensor)}.`,
  );
}

function requireRecord(capture: string, where: string, value: unknown): object {
  const prototype: unknown =
    typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || prototype === null) return value as object;
  throw new TypeError(
    `capture '${capture}': measure must return {subject: {quantity: tensor}}, got ${describeReturned(value)}${where}.`,
  );
}

/** In the words of an error. What a promise rejects with later is nobody's any more: it must not end the process. */
export function describeReturned(value: unknown): string {
  if (value instanceof Promise) value.catch(() => {});
  const isData = typeof value !== 'object' || value?.constructor === Object || value instanceof tf.Tensor;
  return isData ? describeData(value) : describeValue(value);
}
