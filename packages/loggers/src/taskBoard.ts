/** A task that has begun and is not done. */
export interface RunningTask {
  /** From 0 to 1. */
  readonly fraction: number;
  readonly text: string;
  /** What it began with: that was done at another time. */
  readonly from: number;
}

/** Which tasks are running and done, and how long the others will take. */
export class TaskBoard {
  readonly running = new Map<string, RunningTask>();
  readonly #done = new Set<string>();
  #worked = 0;
  #begunAt: number | undefined;

  constructor(readonly total: number) {}

  get done(): number {
    return this.#done.size;
  }

  update(task: string, fraction: number, text: string, time: number): void {
    if (this.#done.has(task)) return;
    const share = fraction > 0 ? Math.min(1, fraction) : 0;
    this.#begunAt ??= time;
    this.running.set(task, {fraction: share, text, from: this.running.get(task)?.from ?? share});
  }

  /** False if it was done already. */
  finish(task: string): boolean {
    if (this.#done.has(task)) return false;
    const begun = this.running.get(task);
    if (begun !== undefined) this.#worked += 1 - begun.from;
    this.running.delete(task);
    this.#done.add(task);
    return true;
  }

  /** Share of the whole that is done. */
  fraction(): number {
    if (this.total === 0) return 1;
    return Math.min(1, (this.done + this.#sum(({fraction}) => fraction)) / this.total);
  }

  /** Milliseconds at the pace since the first task began; undefined while that is not known. */
  timeLeft(time: number): number | undefined {
    const worked = this.#worked + this.#sum(({fraction, from}) => fraction - from);
    if (this.#begunAt === undefined || worked <= 0) return undefined;
    return ((time - this.#begunAt) / worked) * this.total * (1 - this.fraction());
  }

  #sum(of: (task: RunningTask) => number): number {
    return [...this.running.values()].reduce((sum, task) => sum + of(task), 0);
  }
}
