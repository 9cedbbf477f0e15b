/** Numbers that look random and follow from a seed: the same ones on every backend. */
export class RandomStream {
  #a: number;
  #b: number;
  #c = 0;
  #counter = 1;
  /** A normal number that has been made along with the last one. */
  #spare: number | undefined;

  /** @param seed a whole number from 0 to 2^53. */
  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    // So that seeds with few different bits have nothing in common; its author takes 12 rounds at least.
    for (let i = 0; i < 16; i++) this.#next();
  }

  /** Between 0 and 1, both excluded. */
  uniform(): number {
    return (this.#next() + 0.5) / 2 ** 32;
  }

  /** Of mean 0 and deviation 1; Marsaglia's polar method. */
  normal(): number {
    const spare = this.#spare;
    if (spare !== undefined) {
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      return x * factor;
    }
  }

  /** As {@link normal}, and drawn again where it is further than 2 from 0. */
  truncatedNormal(): number {
    for (;;) {
      const value = this.normal();
      if (Math.abs(value) <= 2) return value;
    }
  }

  /** A whole number >= 0 and < `bound`. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** 32 bits; Doty-Humphrey's sfc32. */
  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
