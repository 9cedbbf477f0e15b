import * as tf from '@tensorflow/tfjs-core';
import {type AfterTransform, runChain} from './chain.js';
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

  constructor(readonly transforms: readonly GradientTransform[]) {}

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
   * Runs all transforms. The new state is the caller's to commit, once the step has succeeded. Before there is a
   * parameter there is no state to run on, and no gradient either.
   */
  run(
    grads: NamedTensors,
    ctx: StepContext,
    after?: AfterTransform,
  ): {grads: NamedTensors; commit: () => void} {
    if (this.#initialized.size === 0) return {grads, commit: () => {}};
    const [changed, next] = runChain(this.transforms, grads, this.#states, ctx, after);
    const owned = this.#own(next);
    return {grads: changed, commit: () => this.#replace(owned)};
  }

  /** The states, one per transform. They stay owned by this object. */
  get states(): readonly StateTree[] {
    return this.#states;
  }

  /** Takes copies of `states` for the parameters `names`, as they come out of a saved file. */
  restore(states: readonly StateTree[], names: Iterable<string>): void {
    this.#replace(this.#own(states));
    this.#initialized.clear();
    for (const name of names) this.#initialized.add(name);
  }

  dispose(): void {
    this.restore([], []);
  }

  /** Tensors that are new get a handle of our own: the caller may dispose its gradients, which a state may alias. */
  #own(states: readonly StateTree[]): readonly StateTree[] {
    const old = treeTensors(this.#states);
    const own = (leaf: number | tf.Tensor, path: string): number | tf.Tensor => {
      if (!(leaf instanceof tf.Tensor)) return leaf;
      if (leaf.isDisposed) throw new Error(`${path} is a disposed tensor. Never call dispose.`);
      return old.has(leaf) ? leaf : tf.clone(leaf);
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
