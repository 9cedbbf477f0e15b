import type * as tf from '@tensorflow/tfjs-core';
import type {NamedTensors} from './namedTensors.js';
import type {StateTree} from './stateTree.js';

/** What a transform may know about the step that it runs in. */
export interface StepContext {
  /** Optimizer updates so far, from 0. */
  readonly step: number;
  /** The epoch, from 0, where a training loop knows it. */
  readonly epoch?: number;
  /** All parameters of this optimizer by name, holes included. Read only. */
  readonly params: Readonly<Record<string, tf.Variable>>;
  /**
   * One 32-bit number per parameter that stays the same when the model is rebuilt or loaded again, although
   * tfjs then counts its names on (`dense_Dense1/kernel`, `dense_Dense3/kernel_1`). Seed per-parameter randomness with it.
   */
  readonly keys: Readonly<Record<string, number>>;
  /** The seed of the run. */
  readonly seed: number;
  /** The rate of the optimizer that gets the gradients, where it has one. */
  readonly learningRate?: number;
  /** Shows gradients to captures as a stage of their own. There where somebody looks; most transforms have no use for it. */
  readonly tap?: (stage: string, grads: NamedTensors) => void;
}

/** What a transform does, in the words that {@link lintChain} reasons with. */
export interface TransformTraits {
  /**
   * `noise` adds randomness; `clip` limits a size, `normalize` fixes one; `guard` deals with entries that are not finite;
   * `accumulate` passes on several steps as one.
   */
  readonly kind: 'noise' | 'clip' | 'normalize' | 'guard' | 'accumulate';
  /** What has the size: an entry, the weights of one unit, a parameter, a layer, all together. */
  readonly scope?: 'entry' | 'unit' | 'parameter' | 'layer' | 'global';
}

/**
 * A change of the gradients between backpropagation and optimizer: the contract that every plugin implements.
 *
 * Write a lower-case factory that takes one options object and returns a frozen literal. `update` is pure: it
 * returns new gradients and new state, and never calls `keep` or `dispose`. Without state, use {@link stateless}.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {mapTensors, transformGradients, type GradientTransform, type NamedTensors} from '@gradwire/core';
 *
 * // g ← momentum · previous g + g
 * function heavyBall({momentum}: {momentum: number}): GradientTransform<NamedTensors> {
 *   return Object.freeze({
 *     name: 'heavyBall',
 *     config: {momentum},
 *     init: (params: NamedTensors) => mapTensors(params, (p) => tf.zerosLike(p)),
 *     update(grads: NamedTensors, state: NamedTensors) {
 *       const velocity = {...state, ...mapTensors(grads, (g, name) => tf.add(tf.mul(momentum, state[name]!), g))};
 *       return [mapTensors(grads, (_, name) => velocity[name]!), velocity] as const;
 *     },
 *   });
 * }
 *
 * const optimizer = transformGradients(tf.train.sgd(0.1), heavyBall({momentum: 0.9}));
 * const w = tf.variable(tf.scalar(1), true, 'w');
 * optimizer.minimize(() => tf.square(w) as tf.Scalar);
 * w.print(); // 0.8
 * ```
 */
export interface GradientTransform<S extends StateTree = StateTree> {
  /** Name of the factory; it stands in events and saved files. */
  readonly name: string;
  /** The options as plain JSON: what save and load need. */
  readonly config?: Readonly<Record<string, unknown>>;
  /**
   * What it changes: the gradients before the optimizer (default), or the updates that the optimizer has made of them,
   * new weight − old weight. Both see the old weights as `ctx.params`.
   */
  readonly on?: 'gradients' | 'updates';
  /** What it does, for {@link lintChain}; without them it is no subject of warnings. */
  readonly traits?: TransformTraits;
  /** Of a combinator: the transforms that it applies. {@link lintChain} takes each for confined to some of the gradients. */
  readonly parts?: readonly GradientTransform[];
  /** The state before the first step. `params` are the parameters' current values. */
  init(params: NamedTensors): S;
  /**
   * One step: gradients and state in, gradients and state out. Runs inside `tf.tidy`. What it leaves out becomes a hole.
   * When it leaves out all, there is no update: the transforms after it do not run and the step does not count.
   */
  update(grads: NamedTensors, state: S, ctx: StepContext): readonly [grads: NamedTensors, state: S];
}
