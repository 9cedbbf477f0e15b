import * as tf from '@tensorflow/tfjs-core';
import {matchNames} from './matchNames.js';
import {parameterKeys} from './parameterKeys.js';

/** The parameters of an optimizer, in the order of its slots, which tfjs tells apart by position only. */
export class ParameterSlots {
  #names: readonly string[] = [];
  #params: Readonly<Record<string, tf.Variable>> = {};
  #keys: Readonly<Record<string, number>> = {};
  /** Slots that still go by the names of the saved model, until a step brings the parameter that they belong to. */
  #orphans: ReadonlySet<string> = new Set();

  /** The names in the order of the slots. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The parameters that there are, by name. */
  get params(): Readonly<Record<string, tf.Variable>> {
    return this.#params;
  }

  /** See `StepContext.keys`. */
  get keys(): Readonly<Record<string, number>> {
    return this.#keys;
  }

  /** Begins with names out of a saved file. */
  load(names: readonly string[]): void {
    this.#names = [...names];
    this.#orphans = new Set(names);
    this.#params = {};
  }

  /** Gives loaded slots the names that their parameters have in this model; returns the new names by the old ones. */
  adopt(names: readonly string[]): ReadonlyMap<string, string> {
    if (this.#orphans.size === 0) return new Map();
    const owned = new Set(this.#names.filter((name) => !this.#orphans.has(name)));
    const found = matchNames(
      [...this.#orphans],
      names.filter((name) => !owned.has(name)),
    );
    this.#names = this.#names.map((name) => found.get(name) ?? name);
    this.#orphans = new Set([...this.#orphans].filter((name) => !found.has(name)));
    return found;
  }

  /**
   * Makes the slots cover `names`.
   *
   * @param prepare gets all parameters where they are others than before; when it throws, nothing has changed.
   * @throws Error if there is no variable of that name.
   */
  bind(names: readonly string[], prepare: (params: Readonly<Record<string, tf.Variable>>) => void): void {
    const variables = tf.engine().registeredVariables;
    const known = new Set(this.#names);
    const added = names.filter((name) => !known.has(name));
    const missing = added.find((name) => variables[name] === undefined);
    if (missing !== undefined) throw new Error(`GradientOptimizer: there is no variable '${missing}'.`);

    const slots = [...this.#names, ...added];
    const alive = slots.filter((name) => !this.#orphans.has(name) && variables[name] !== undefined);
    const unchanged =
      alive.length === Object.keys(this.#params).length &&
      alive.every((name) => this.#params[name] === variables[name]);
    if (unchanged) return;
    const params = Object.fromEntries(alive.map((name) => [name, variables[name]!]));
    prepare(params);
    this.#params = params;
    this.#names = slots;
    this.#keys = parameterKeys(slots);
  }
}
