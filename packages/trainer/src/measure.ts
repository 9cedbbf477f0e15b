import type {Capture, CaptureContext} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Emission} from './eventBus.js';
import {describeData} from './standardBatch.js';

type Entry = readonly [capture: string, subject: string, quantity: string, tensor: tf.Tensor];
type Records<T> = Record<string, Record<string, T>>;

/** Lets captures measure, and reads all that they return in one asynchronous transfer. */
export async function measure(captures: readonly Capture[], ctx: CaptureContext): Promise<Emission[]> {
  let entries: Entry[] = [];
  const transfer = tf.tidy(() => {
    entries = captures.flatMap((capture) => entriesOf(capture.name, capture.measure(ctx)));
    const flat = entries.map(([, , , tensor]) => tf.cast(tf.reshape(tensor, [-1]), 'float32'));
    return flat.length === 0 ? tf.tensor1d([]) : tf.concat(flat);
  });
  const data = (await transfer.data()) as Float32Array;
  transfer.dispose();
  return split(captures, entries, data);
}

function entriesOf(capture: string, measured: unknown): Entry[] {
  return Object.entries(requireRecord(capture, '', measured)).flatMap(([subject, quantities]) =>
    Object.entries(requireRecord(capture, ` for '${subject}'`, quantities)).map(
      ([quantity, tensor]): Entry => {
        if (tensor instanceof tf.Tensor && tensor.dtype !== 'string')
          return [capture, subject, quantity, tensor];
        throw new TypeError(
          `capture '${capture}': measure must return a tensor of numbers for '${subject}' and '${quantity}', got ${describeData(tensor)}.`,
        );
      },
    ),
  );
}

function requireRecord(capture: string, where: string, value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof tf.Tensor))
    return value;
  throw new TypeError(
    `capture '${capture}': measure must return {subject: {quantity: tensor}}, got ${describeData(value)}${where}.`,
  );
}

function split(captures: readonly Capture[], entries: readonly Entry[], data: Float32Array): Emission[] {
  const found = new Map(
    captures.map(({name}) => [name, {values: {} as Records<number>, arrays: {} as Records<Float32Array>}]),
  );
  let offset = 0;
  for (const [capture, subject, quantity, tensor] of entries) {
    const {values, arrays} = found.get(capture)!;
    if (tensor.rank === 0) (values[subject] ??= {})[quantity] = data[offset]!;
    else (arrays[subject] ??= {})[quantity] = data.slice(offset, offset + tensor.size);
    offset += tensor.size;
  }
  return [...found].map(([capture, records]) => ({type: 'capture', capture, ...records}));
}
