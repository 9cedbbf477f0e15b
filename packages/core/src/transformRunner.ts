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
      this.replace(
        this.#initialized.size === 0 ? fresh : this.#states.map((s, i) => mergeTrees(s, fresh[i])),
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
    requireSameForm(ctx.params, changed);
    return {grads: changed, commit: () => this.replace(next)};
  }

  /** The states, one per transform. They stay owned by this object. */
  get states(): readonly StateTree[] {
    return this.#states;
  }

  /** Takes copies of `states` for the parameters `names`, as they come out of a saved file. */
  restore(states: readonly StateTree[], names: Iterable<string>): void {
    this.replace(states);
    this.#initialized.clear();
    for (const name of names) this.#initialized.add(name);
  }

  dispose(): void {
    this.restore([], []);
  }

  /** Tensors that are new get a handle of our own: the caller may dispose its gradients, which a state may alias. */
  private replace(next: readonly StateTree[]): void {
    const old = treeTensors(this.#states);
    const kept = next.map((state) =>
      mapTree(state, (leaf) => {
        if (!(leaf instanceof tf.Tensor) || old.has(leaf)) return leaf;
        return tf.keep(tf.clone(leaf));
      }),
    );
    const alive = treeTensors(kept);
    for (const tensor of old) if (!alive.has(tensor)) tensor.dispose();
    this.#states = kept;
  }
}

function requireSameForm(params: NamedTensors, grads: NamedTensors): void {
  for (const [name, grad] of Object.entries(grads)) {
    const expected = params[name]?.shape;
    if (expected === undefined) {
      throw new Error(
        `GradientOptimizer: a transform returned a gradient for '${name}', which is no parameter.`,
      );
    }
    if (grad.shape.join() !== expected.join()) {
      throw new Error(
        `GradientOptimizer: a transform returned shape [${grad.shape}] for '${name}', which has [${expected}].`,
      );
    }
  }
}
