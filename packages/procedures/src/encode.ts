import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** How to evaluate a model over many samples. */
export interface EncodeOptions {
  /** The procedure, for error messages. */
  readonly where: string;
  readonly batchSize: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after each batch: samples so far, and all. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** How long other code may have to wait, in milliseconds. */
const LONGEST_BLOCK = 25;

/**
 * What a model with one output gives for all samples, in inference mode, batch by batch.
 *
 * @param inputs all samples, in the order of the model's inputs.
 * @returns one tensor, or nothing if the signal was aborted.
 * @throws Error if the output has a mask, which layers above would miss.
 */
export async function encode(
  model: LayersModel,
  inputs: readonly tf.Tensor[],
  {where, batchSize, signal, onProgress}: EncodeOptions,
): Promise<tf.Tensor | undefined> {
  const samples = inputs[0]!.shape[0]!;
  const parts: tf.Tensor[] = [];
  let rested = performance.now();
  try {
    for (let start = 0; start < samples; start += batchSize) {
      if (signal?.aborted === true) return undefined;
      const size = Math.min(batchSize, samples - start);
      parts.push(tf.tidy(() => requireNoMask(where, run(model, rowsOf(inputs, start, size)))));
      onProgress?.(start + size, samples);
      if (performance.now() - rested < LONGEST_BLOCK) continue;
      await new Promise((resolve) => setTimeout(resolve));
      rested = performance.now();
    }
    return parts.length === 1 ? parts.pop()! : tf.concat(parts);
  } finally {
    tf.dispose(parts);
  }
}

/** One forward pass in inference mode. */
export function run(model: LayersModel, inputs: tf.Tensor[]): tf.Tensor {
  return [model.call(inputs, {training: false})].flat()[0]!;
}

/** Some samples. Not by `tf.slice`: wasm's copies the whole tensor for every slice of it. */
export function rowsOf(inputs: readonly tf.Tensor[], start: number, size: number): tf.Tensor[] {
  return tf.tidy(() => {
    const rows = tf.range(start, start + size, 1, 'int32');
    return inputs.map((input) => tf.gather(input, rows));
  });
}

function requireNoMask(where: string, output: tf.Tensor): tf.Tensor {
  if ((output as {kerasMask?: unknown}).kerasMask == null) return output;
  throw new Error(`${where}: lower layers give a mask along with their output; a cache would lose it.`);
}
