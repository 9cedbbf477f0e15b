import * as tf from '@tensorflow/tfjs-core';
import {runChain} from './chain.js';
import type {GradientTap} from './gradientTap.js';
import type {GradientTransform, StepContext} from './gradientTransform.js';
import type {NamedTensors} from './namedTensors.js';
import {mapTree, mergeTrees, type StateTree, treeTensors} from './stateTree.js';

/**
 * Owns the state of a list of transforms: keeps the new one, disposes the old one, and leaves the old one intact
 * when a transform throws. Nobody else calls `keep` or `dispose` on a transform's state.
 */
export class TransformRunner {
  #states: readonly StateTree[] = [];
  readonly #initialized = new Set<string>();
  #transforms: readonly GradientTransform[];
  #places: Places;

  constructor(transforms: readonly GradientTransform[]) {
    this.#transforms = transforms;
    this.#places = placesOf(transforms);
  }

  get transforms(): readonly GradientTransform[] {
    return this.#transforms;
  }

  /** Works with other transforms from now on. Those that were there before keep their state; `params` are for the others. */
  replace(transforms: readonly GradientTransform[], params: NamedTensors): void {
    const stateOf = (transform: GradientTransform): StateTree => {
      const place = this.#transforms.indexOf(transform);
      return place < 0 ? transform.init(params) : this.#states[place];
    };
    if (this.#initialized.size > 0) tf.tidy(() => this.#replace(this.#own(transforms.map(stateOf))));
    this.#transforms = transforms;
    this.#places = placesOf(transforms);
  }

  /** Forgets all states: as if these were the parameters before the first step. */
  reset(params: NamedTensors): void {
    if (this.#initialized.size === 0) return;
    tf.tidy(() => this.#replace(this.#own(this.#transforms.map((transform) => transform.init(params)))));
  }

  /** What {@link restore} and {@link replace} need to come back here; clones that are the caller's to dispose. */
  snapshot(): {readonly states: readonly StateTree[]; readonly names: readonly string[]} {
    const keep = (leaf: number | tf.Tensor): StateTree =>
      leaf instanceof tf.Tensor ? tf.keep(tf.clone(leaf)) : leaf;
    return {states: this.#states.map((state) => mapTree(state, keep)), names: [...this.#initialized]};
  }

  /** Gives every parameter its initial state; parameters that have one keep it. */
  initialize(params: NamedTensors): void {
    const names = Object.keys(params);
    if (names.every((name) => this.#initialized.has(name))) return;
    tf.tidy(() => {
      const fresh = this.transforms.map((transform) => transform.init(params));
      this.#replace(
        this.#own(this.#initialized.size === 0 ? fresh : this.#states.map((s, i) => mergeTrees(s, fresh[i]))),
      );
    });
    for (const name of names) this.#initialized.add(name);
  }

  /**
   * Runs the transforms of one kind, gradients' or updates'. The states that it gives are the caller's to
   * {@link commit}, once the step has succeeded. Before there is a parameter there is no state to run on, and no
   * gradient either.
   *
   * @param states what the transforms go on from, where another run of the same step has changed it.
   */
  run(
    on: 'gradients' | 'updates',
    grads: NamedTensors,
    ctx: StepContext,
    tap?: GradientTap,
    states = this.#states,
  ): {grads: NamedTensors; states: readonly StateTree[]} {
    const places = this.#places[on];
    if (this.#initialized.size === 0 || places.length === 0) return {grads, states};
    const [changed, next] = runChain(
      places.map((place) => this.transforms[place]!),
      grads,
      places.map((place) => states[place]),
      tap === undefined ? ctx : {...ctx, tap: (stage, tensors) => tap(stage, tensors, on)},
      tap && ((i, tensors) => tap(this.transforms[places[i]!]!.name, tensors, on)),
    );
    const all = [...states];
    for (const [i, place] of places.entries()) all[place] = next[i];
    return {grads: changed, states: this.#own(all, {held: states, since: newest(grads)})};
  }

  /** Makes states that {@link run} gave those that the next step goes on from. */
  commit(states: readonly StateTree[]): void {
    if (states !== this.#states) this.#replace(states);
  }

  /** Whether some transform changes updates. */
  get changesUpdates(): boolean {
    return this.#places.updates.length > 0;
  }

  /** The states, one per transform. They stay owned by this object. */
  get states(): readonly StateTree[] {
    return this.#states;
  }

  /** Takes copies of `states` for the parameters `names`, as they come out of a saved file or a snapshot. */
  restore(states: readonly StateTree[], names: Iterable<string>): void {
    this.#replace(this.#own(states));
    this.#initialized.clear();
    for (const name of names) this.#initialized.add(name);
  }

  dispose(): void {
    this.restore([], []);
  }

  /**
   * Makes the tensors of states our own. Those of a step's own making are taken as they are; all others, such as a gradient that the
   * caller will dispose or a constant of the author's, get a handle of our own.
   *
   * @param held states that are our own already; default those that are kept.
   * @param since id of the newest tensor that the step was given.
   */
  #own(
    states: readonly StateTree[],
    {
      held = this.#states,
      since = Number.POSITIVE_INFINITY,
    }: {held?: readonly StateTree[]; since?: number} = {},
  ): readonly StateTree[] {
    const ours = treeTensors(held);
    const own = (leaf: number | tf.Tensor, path: string): number | tf.Tensor => {
      if (!(leaf instanceof tf.Tensor)) return leaf;
      if (leaf.isDisposed) throw new Error(`${path} is a disposed tensor. Never call dispose.`);
      return leaf.id > since || ours.has(leaf) ? leaf : tf.clone(leaf);
    };
    return states.map((state, i) =>
      mapTree(state, own, undefined, `transform '${this.transforms[i]?.name}': state`),
    );
  }

  #replace(owned: readonly StateTree[]): void {
    const alive = treeTensors(owned);
    for (const tensor of alive) tf.keep(tensor);
    for (const tensor of treeTensors(this.#states)) if (!alive.has(tensor)) tensor.dispose();
    this.#states = owned;
  }
}

type Places = Readonly<Record<'gradients' | 'updates', readonly number[]>>;

function placesOf(transforms: readonly GradientTransform[]): Places {
  const on = (kind: string): number[] =>
    [...transforms.keys()].filter((place) => (transforms[place]!.on ?? 'gradients') === kind);
  return {gradients: on('gradients'), updates: on('updates')};
}

/** tfjs counts tensors up: what has a higher id was made later. Where there is none, nothing was. */
function newest(grads: NamedTensors): number {
  const ids = Object.values(grads).map(({id}) => id);
  return ids.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ids);
}
