/** Repeatable random numbers: splitmix32, enough for data and for seeding tfjs's own generators. */
export class Random {
  #state: number;

  /** @param seed a whole number >= 0. */
  constructor(seed: number) {
    // Both halves: a seed may have up to 53 bits.
    this.#state = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b)) >>> 0;
  }

  /** A seed for one initializer: tfjs takes 0 for none, and gives layers of equal shape and seed equal kernels. */
  seed(): number {
    return 1 + Math.floor(this.uniform() * (2 ** 31 - 2));
  }

  /** In [0, 1). */
  uniform(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  }

  /** From N(0, 1), by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** One of 0 … n − 1. */
  below(n: number): number {
    return Math.floor(n * this.uniform());
  }

  /** `size` numbers from N(0, 1). */
  normals(size: number): Float32Array {
    return Float32Array.from({length: size}, () => this.normal());
  }
}
