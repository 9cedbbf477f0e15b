import {requireOption, rules} from './requireOption.js';

const SIZE = 624;
const SHIFT = 397;

/**
 * The MT19937 generator with the draws of NumPy's legacy `RandomState`: one seed gives one stream, equal to NumPy's.
 *
 * Each method takes from the same stream, in the order of the calls. The integers and `uniform` equal NumPy's bit for
 * bit; `normal` equals it up to the last bit of the platform's logarithm. The data sets of this package are drawn with it:
 * who needs weights from the same stream draws them from a generator that has drawn as much.
 *
 * @throws RangeError if `seed` is not an integer in [0, 2³² − 1].
 * @example
 * ```ts
 * import {MersenneTwister} from '@gradwire/datasets';
 *
 * const random = new MersenneTwister(0); // np.random.seed(0)
 * const [first, second] = [random.normal(), random.normal()]; // np.random.randn(2)
 * console.log(first, second); // 1.764052345967664 0.4001572083672233
 * console.log(random.uniform()); // 0.6027633760716439
 * ```
 * @see Matsumoto, Nishimura (1998), "Mersenne Twister", doi:10.1145/272991.272995.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #next = SIZE;
  #spareNormal: number | undefined;

  /** @param seed first word of the state; an integer in [0, 2³² − 1]. */
  constructor(seed: number) {
    requireOption('MersenneTwister', {seed}, rules.seed);
    let word = seed >>> 0;
    this.#state[0] = word;
    for (let i = 1; i < SIZE; i++) {
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0;
      this.#state[i] = word;
    }
  }

  /** An integer in [0, 2³²). */
  uint32(): number {
    if (this.#next === SIZE) this.#refill();
    let word = this.#word(this.#next++);
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  /** A float in [0, 1) with 53 random bits; takes two words. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** A standard normal number by Marsaglia's polar method, which makes two at a time: the second waits for the next call. */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    let x1: number, x2: number, r2: number;
    do {
      x1 = 2 * this.uniform() - 1;
      x2 = 2 * this.uniform() - 1;
      r2 = x1 * x1 + x2 * x2;
    } while (r2 >= 1 || r2 === 0);
    const scale = Math.sqrt((-2 * Math.log(r2)) / r2);
    this.#spareNormal = scale * x1;
    return scale * x2;
  }

  /** An integer in [0, max], by masked rejection; `max` is an integer in [0, 2³² − 1], and 0 takes nothing from the stream. */
  interval(max: number): number {
    if (max === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(max);
    let value: number;
    do {
      value = (this.uint32() & mask) >>> 0;
    } while (value > max);
    return value;
  }

  /** The integers 0 … length − 1 in the order into which `RandomState.shuffle` brings them (Fisher–Yates from the end). */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({length}, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.interval(i);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    return order;
  }

  #refill(): void {
    for (let i = 0; i < SIZE; i++) {
      const y = (this.#word(i) & 0x80000000) | (this.#word((i + 1) % SIZE) & 0x7fffffff);
      this.#state[i] = this.#word((i + SHIFT) % SIZE) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }

  #word(i: number): number {
    return this.#state[i] as number;
  }
}
