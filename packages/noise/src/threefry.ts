/** 64 bits as two 32-bit words, the low one first. */
export type WordPair = readonly [low: number, high: number];

/**
 * Fills `words` with the blocks of Threefry-2x32-20 for the counters `counter`, `counter + 1`, …
 *
 * A counter-based generator: each block of two words is a hash of key and counter alone, so any part of a stream can
 * be made without the rest, and no state has to be kept or saved. Twenty rounds, as in Random123 and JAX.
 *
 * @param key which stream.
 * @param counter the first counter; only its low word counts on.
 * @param words two per block; an even number.
 * @see Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11.
 */
export function threefry2x32(key: WordPair, counter: WordPair, words: Int32Array): void {
  const k0 = key[0] | 0;
  const k1 = key[1] | 0;
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  let low = counter[0] | 0;
  const start1 = (counter[1] + k1) | 0;
  for (let i = 0; i + 1 < words.length; i += 2) {
    let x0 = (low + k0) | 0;
    let x1 = start1;
    low = (low + 1) | 0;

    x1 = rotate(x1, 13) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 15) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 26) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 6) ^ (x0 = (x0 + x1) | 0);
    x0 = (x0 + k1) | 0;
    x1 = (x1 + k2 + 1) | 0;

    x1 = rotate(x1, 17) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 29) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 16) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 24) ^ (x0 = (x0 + x1) | 0);
    x0 = (x0 + k2) | 0;
    x1 = (x1 + k0 + 2) | 0;

    x1 = rotate(x1, 13) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 15) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 26) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 6) ^ (x0 = (x0 + x1) | 0);
    x0 = (x0 + k0) | 0;
    x1 = (x1 + k1 + 3) | 0;

    x1 = rotate(x1, 17) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 29) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 16) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 24) ^ (x0 = (x0 + x1) | 0);
    x0 = (x0 + k1) | 0;
    x1 = (x1 + k2 + 4) | 0;

    x1 = rotate(x1, 13) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 15) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 26) ^ (x0 = (x0 + x1) | 0);
    x1 = rotate(x1, 6) ^ (x0 = (x0 + x1) | 0);
    words[i] = (x0 + k2) | 0;
    words[i + 1] = (x1 + k0 + 5) | 0;
  }
}

/** The key of a stream within the stream of `key`: one block of it, by way of `words`. */
export function deriveKey(key: WordPair, counter: WordPair, words = new Int32Array(2)): WordPair {
  threefry2x32(key, counter, words);
  return [words[0]!, words[1]!];
}

/** A whole number as two words; different for different safe integers. */
export function splitNumber(value: number): WordPair {
  return [value | 0, Math.floor(value / 2 ** 32) | 0];
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
