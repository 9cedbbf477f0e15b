import {
  compileSelector,
  describeValue,
  type GradientTransform,
  type NamedTensors,
  requireInteger,
  requireOptions,
  requireSelection,
  requireSelector,
  type Selector,
  stateless,
} from '@gradwire/core';
import {dropFrozen} from './dropFrozen.js';
import {positionOf, requireUnit, type Unit} from './position.js';

/** The options of {@link gradualUnfreezing}. */
export interface GradualUnfreezingOptions {
  /** Parameters that thaw together, the top of the network first. The first selector that matches a parameter has it. */
  readonly groups: readonly Selector[];
  /** Units from one group to the next; a whole number >= 1, default 1. */
  readonly every?: number;
  /** What `every` counts; default `'epoch'`. */
  readonly unit?: Unit;
}

/**
 * Trains the top of a network first, and thaws a group of layers after the other on the way down.
 *
 *     gᵢ ← nothing, if parameter i is in group k and t < k · every,  k = 0, 1, …
 *
 * The first group is trained from the start. For fine-tuning a model whose lower layers have learned something already: they are touched only when
 * the new layers above them have stopped sending large, random gradients. Everything said of {@link freeze} holds here, too.
 *
 * @throws TypeError if `groups` is no list of at least two selectors, or `options` no object or with an unknown key.
 * @throws RangeError if `every` or `unit` is out of range.
 * @throws Error before the first step, if a group is left without a parameter or a parameter without a group; in a step, before its
 *   update, if nothing is left to train, or if epochs count and nobody tells the epoch.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {gradualUnfreezing} from '@gradwire/procedures';
 * import {createTrainer} from '@gradwire/trainer';
 *
 * const dense = (name: string, units: number) => tf.layers.dense({units, name});
 * const model = tf.sequential({
 *   layers: [tf.layers.inputLayer({inputShape: [2]}), dense('first', 4), dense('second', 4), dense('head', 1)],
 * });
 * const trainer = createTrainer({
 *   model,
 *   loss: 'meanSquaredError',
 *   optimizer: tf.train.adam(),
 *   transforms: [gradualUnfreezing({groups: ['head/**', 'second/**', 'first/**'], every: 2})],
 * });
 * await trainer.fit({x: tf.ones([8, 2]), y: tf.ones([8, 1])}, {epochs: 6});
 * ```
 * @see Howard, Ruder (2018), "Universal Language Model Fine-tuning for Text Classification", arXiv:1801.06146.
 */
export function gradualUnfreezing(options: GradualUnfreezingOptions): GradientTransform<undefined> {
  const known = {groups: "['head/**', 'second/**', 'first/**']", every: 1, unit: "'epoch'"};
  const {groups, every = 1, unit = 'epoch'} = requireOptions('gradualUnfreezing', options, known);
  requireGroups(groups);
  requireInteger('gradualUnfreezing', {every}, 1);
  requireUnit('gradualUnfreezing', unit);
  const compiled = groups.map(compileSelector);
  /** The group of a parameter; past the last one if it has none. */
  const groupIn = (params: NamedTensors, name: string): number => {
    const group = compiled.findIndex((selected) => selected(params).has(name));
    return group < 0 ? groups.length : group;
  };
  return Object.freeze({
    ...stateless('gradualUnfreezing', {groups, every, unit}, (grads, ctx) => {
      const thawed = Math.floor(positionOf('gradualUnfreezing', unit, ctx) / every);
      if (thawed >= groups.length - 1) return grads;
      return dropFrozen('gradualUnfreezing', grads, (name) => groupIn(ctx.params, name) > thawed);
    }),
    init(params: NamedTensors) {
      const names = Object.keys(params);
      groups.forEach((select, group) => {
        const own = new Set(names.filter((name) => groupIn(params, name) === group));
        requireSelection('gradualUnfreezing', 'parameter', select, own, names);
      });
      const homeless = names.filter((name) => groupIn(params, name) === groups.length);
      if (homeless.length === 0) return undefined;
      throw new Error(
        `gradualUnfreezing: in no group: ${homeless.join(', ')}. A last group '**' takes all that the others leave.`,
      );
    },
  });
}

function requireGroups(groups: unknown): void {
  if (!Array.isArray(groups) || groups.length < 2) {
    throw new TypeError(
      `gradualUnfreezing: groups must be a list of at least two selectors, the top of the network first, got ${describeValue(groups)}.`,
    );
  }
  groups.forEach((select, i) => requireSelector('gradualUnfreezing', `groups[${i}]`, select));
}
