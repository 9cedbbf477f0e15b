/** Appends bytes to something, and tells how many of them; throws where it could append none. */
export type Append = (bytes: Uint8Array) => Promise<number>;

/** Records wait so long for others to be written with. */
const GATHER_MS = 100;
const ENOUGH_BYTES = 2 ** 20;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;
/** Of the buffer, kept for what is important. */
const RESERVE = 1 / 16;

/**
 * Writes records in order and never makes anybody wait: what does not fit into its buffer is dropped, whole records only, and
 * what could not be written is tried again, later and later.
 */
export class BoundedWriter {
  /** Records that were dropped. */
  dropped = 0;
  /** Why the last attempt to write failed; undefined once one went well. */
  failure: Error | undefined;
  #queue: Uint8Array[] = [];
  #rest: Uint8Array = new Uint8Array(0);
  #bytes = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  /**
   * @param maxBytes of all records that wait; a single one that is larger waits alone.
   * @param onTrouble called after a record was dropped, and when writing failed.
   */
  constructor(
    private readonly append: Append,
    private readonly maxBytes: number,
    private readonly onTrouble: () => void,
  ) {}

  push(record: Uint8Array, isImportant: boolean): void {
    const limit = isImportant ? this.maxBytes : (1 - RESERVE) * this.maxBytes;
    if (this.#bytes > 0 && this.#bytes + record.length > limit) {
      this.dropped++;
      this.onTrouble();
      return;
    }
    this.#queue.push(record);
    this.#bytes += record.length;
    if (this.#bytes >= ENOUGH_BYTES && this.#failures === 0) void this.#write();
    else this.#schedule();
  }

  /** Resolves when all that was pushed is written, or an attempt to do so has failed. */
  async flushed(): Promise<void> {
    await this.#writing;
    await this.#write();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#writing !== undefined || this.#bytes === 0) return;
    const failed = this.#failures > 0;
    const gather = this.#bytes >= ENOUGH_BYTES ? 0 : GATHER_MS;
    const wait = failed ? Math.min(FIRST_RETRY_MS * 2 ** (this.#failures - 1), LONGEST_RETRY_MS) : gather;
    this.#timer = setTimeout(() => void this.#write(), wait);
    // A disk that stays full must not keep the process open.
    if (failed) this.#timer.unref();
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#attempt().finally(() => {
      this.#writing = undefined;
      this.#schedule();
    });
    return this.#writing;
  }

  async #attempt(): Promise<void> {
    this.#rest = Buffer.concat([this.#rest, ...this.#queue]);
    this.#queue = [];
    try {
      while (this.#rest.length > 0) {
        const written = await this.append(this.#rest);
        if (written === 0) throw new Error('nothing was written');
        this.#rest = this.#rest.subarray(written);
        this.#bytes -= written;
      }
      this.#failures = 0;
      this.failure = undefined;
    } catch (thrown) {
      this.#failures++;
      this.failure = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.onTrouble();
    }
  }
}
