/** Asks a run to end at the next step boundary. */
export class RunControl {
  #stopRequested = false;

  get stopRequested(): boolean {
    return this.#stopRequested;
  }

  stop(): void {
    this.#stopRequested = true;
  }

  reset(): void {
    this.#stopRequested = false;
  }
}
