/** How fast what is older counts less, in milliseconds of training. */
const MEMORY_MS = 5_000;

/** Steps per second over the last seconds: steps and time, both forgotten at the same pace, divided. */
export class StepRate {
  #steps = 0;
  #time = 0;
  #newSteps = 0;
  #newTime = 0;

  /** One more step, so many milliseconds after the one before. */
  add(milliseconds: number): void {
    this.#newSteps++;
    this.#newTime += milliseconds;
  }

  /** Steps per second; undefined until time has passed. */
  perSecond(): number | undefined {
    if (this.#newTime > 0) {
      const kept = Math.exp(-this.#newTime / MEMORY_MS);
      this.#steps = this.#steps * kept + this.#newSteps;
      this.#time = this.#time * kept + this.#newTime;
      this.#newSteps = 0;
      this.#newTime = 0;
    }
    return this.#time > 0 ? (1000 * this.#steps) / this.#time : undefined;
  }
}
