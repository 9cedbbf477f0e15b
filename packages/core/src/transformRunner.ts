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

  /** Runs all transforms. The new state is the caller's to commit, once the step has succeeded. */
  run(
    grads: NamedTensors,
    ctx: StepContext,
    after?: AfterTransform,
  ): {grads: NamedTensors; commit: () => void} {
    const [changed, next] = runChain(this.transforms, grads, this.#states, ctx, after);
    requireSameForm(grads, changed);
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
    return states.map((state) =>
      mapTree(state, (leaf) => (leaf instanceof tf.Tensor && !old.has(leaf) ? tf.clone(leaf) : leaf)),
    );
  }

  #replace(owned: readonly StateTree[]): void {
    const alive = treeTensors(owned);
    for (const tensor of alive) tf.keep(tensor);
    for (const tensor of treeTensors(this.#states)) if (!alive.has(tensor)) tensor.dispose();
    this.#states = owned;
  }
}

/** Gradients may change and may go; none may come, and none may change its shape. */
function requireSameForm(before: NamedTensors, after: NamedTensors): void {
  for (const [name, grad] of Object.entries(after)) {
    const expected = before[name]?.shape;
    if (expected === undefined) {
      throw new Error(
        `GradientOptimizer: a transform returned a gradient for '${name}', which had none: it is frozen, not connected to the loss, or no parameter.`,
      );
    }
    if (!(grad instanceof tf.Tensor) || grad.isDisposed) {
      throw new Error(`GradientOptimizer: a transform returned no living tensor for '${name}'.`);
    }
    if (grad.shape.join() !== expected.join()) {
      throw new Error(
        `GradientOptimizer: a transform returned shape [${grad.shape}] for '${name}', which has [${expected}].`,
      );
    }
  }
}
