import type {Capture, CaptureContext} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {Emission} from './eventBus.js';

type Entry = readonly [capture: string, subject: string, quantity: string, tensor: tf.Tensor];
type Records<T> = Record<string, Record<string, T>>;

/** Lets captures measure, and reads all that they return in one asynchronous transfer. */
export async function measure(captures: readonly Capture[], ctx: CaptureContext): Promise<Emission[]> {
  let entries: Entry[] = [];
  const transfer = tf.tidy(() => {
    entries = captures.flatMap((capture) =>
      Object.entries(capture.measure(ctx)).flatMap(([subject, quantities]) =>
        Object.entries(quantities).map(
          ([quantity, tensor]) => [capture.name, subject, quantity, tensor] as const,
        ),
      ),
    );
    const flat = entries.map(([, , , tensor]) => tf.cast(tf.reshape(tensor, [-1]), 'float32'));
    return flat.length === 0 ? tf.tensor1d([]) : tf.concat(flat);
  });
  const data = (await transfer.data()) as Float32Array;
  transfer.dispose();
  return split(captures, entries, data);
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
