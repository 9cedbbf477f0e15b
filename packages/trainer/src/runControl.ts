import type {LiveTraining} from './liveTraining.js';

/** A change of a training, made between two steps. */
export type Intervention = (training: LiveTraining) => void | Promise<void>;

/** Asks a run to end at the next step boundary, or to do something there. */
export class RunControl {
  #stopRequested = false;
  #interventions: Intervention[] = [];
  #asked = 0;

  get stopRequested(): boolean {
    return this.#stopRequested;
  }

  /** Whether somebody waits for the next step boundary. */
  get hasInterventions(): boolean {
    return this.#interventions.length > 0;
  }

  /** How often somebody has asked for a change. */
  get asked(): number {
    return this.#asked;
  }

  stop(): void {
    this.#stopRequested = true;
  }

  /** Has `action` run before the next step. */
  intervene(action: Intervention): void {
    this.#interventions.push(action);
    this.#asked++;
  }

  /** What has been asked for since this was last called. */
  takeInterventions(): readonly Intervention[] {
    const taken = this.#interventions;
    this.#interventions = [];
    return taken;
  }

  reset(): void {
    this.#stopRequested = false;
    this.#interventions = [];
  }
}
