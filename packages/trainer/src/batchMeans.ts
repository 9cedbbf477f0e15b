import * as tf from '@tensorflow/tfjs-core';

const MAX_PENDING_ROWS = 64;

/**
 * Means over the batches of an epoch, weighted by batch size, as Keras logs them. Values stay on the device until
 * 64 batches have come together or the mean is asked for; then they are read at once.
 */
export class BatchMeans {
  #pending: tf.Scalar[][] = [];
  #sizes: number[] = [];
  #samples = 0;
  readonly #sums: number[];

  constructor(private readonly names: readonly string[]) {
    this.#sums = names.map(() => 0);
  }

  /** Takes over the scalars of one batch, in the order of the names. */
  async add(row: tf.Scalar[], size: number): Promise<void> {
    this.#pending.push(row);
    this.#sizes.push(size);
    if (this.#pending.length >= MAX_PENDING_ROWS) await this.#collect();
  }

  async read(): Promise<Record<string, number>> {
    await this.#collect();
    return Object.fromEntries(this.names.map((name, i) => [name, this.#sums[i]! / this.#samples]));
  }

  dispose(): void {
    tf.dispose(this.#pending);
    this.#pending = [];
    this.#sizes = [];
  }

  async #collect(): Promise<void> {
    if (this.#pending.length === 0) return;
    const sizes = this.#sizes;
    const stacked = tf.tidy(() => tf.stack(this.#pending.flat()));
    this.dispose();
    const values = await stacked.data();
    stacked.dispose();
    sizes.forEach((size, row) => {
      this.#samples += size;
      this.names.forEach((_, i) => (this.#sums[i]! += size * values[row * this.names.length + i]!));
    });
  }
}
