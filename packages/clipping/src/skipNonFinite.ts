import {
  type GradientTransform,
  type NamedTensors,
  normOfEach,
  requireInteger,
  requireOptions,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/** The options of {@link skipNonFinite}. */
export interface SkipNonFiniteOptions {
  /** How many steps in a row may be skipped before it throws; a whole number >= 0, default 5. */
  readonly maxConsecutive?: number;
}

/** The state of {@link skipNonFinite}: how many steps have been skipped since the last one that was not. */
export type SkipNonFiniteState = Readonly<Record<'consecutive', number>>;

/**
 * Skips the whole step if an entry of any gradient is NaN or ±Infinity.
 *
 * A skipped step has no gradients: no weight changes, the transforms after it do not run, their state and the
 * optimizer's stay, and the step does not count. More than `maxConsecutive` such steps in a row are no accident: then it
 * throws, the weights being as before. All other gradients pass exactly unchanged. Put it first in a chain. Any shapes;
 * holes stay holes.
 *
 * It has to know before the step goes on: it reads one number per parameter, all at once, from the device in every step,
 * and waits for it. That costs next to nothing on cpu, wasm and tfjs-node, and a round trip to the GPU on webgl. Where a
 * backend cannot read synchronously (webgpu in Node) it throws; {@link zeroNonFinite} works there. A gradient with a
 * norm beyond 3.4e38 counts as not finite.
 *
 * In a trainer the step's loss is left out of the epoch's mean, and the moving averages of batch norm are put back.
 * `model.fit` knows nothing of skipped steps: its logged loss is NaN, and moving averages have seen the batch.
 *
 * As optax's `apply_if_finite`, except that optax applies the update in the end, NaN and all.
 *
 * @throws RangeError if `maxConsecutive` is not a whole number >= 0.
 * @throws Error in training, in the step after `maxConsecutive` skipped ones, and where the backend cannot read.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {skipNonFinite} from '@gradwire/clipping';
 *
 * const w = tf.variable(tf.tensor1d([0, 4]), true, 'skipNonFiniteExample');
 * const optimizer = transformGradients(tf.train.sgd(1), skipNonFinite({maxConsecutive: 10}));
 * optimizer.minimize(() => tf.sum(tf.sqrt(w)) as tf.Scalar); // the gradient is [Infinity, 0.25]
 * w.print(); // [0, 4]
 * ```
 * @see Micikevicius et al. (2018), "Mixed Precision Training", arXiv:1710.03740; optax's `apply_if_finite`.
 */
export function skipNonFinite(options: SkipNonFiniteOptions = {}): GradientTransform<SkipNonFiniteState> {
  const {maxConsecutive = 5} = requireOptions('skipNonFinite', options, {maxConsecutive: 5});
  requireInteger('skipNonFinite', {maxConsecutive}, 0);
  return Object.freeze({
    name: 'skipNonFinite',
    config: {maxConsecutive},
    traits: {kind: 'guard', scope: 'global'} as const,
    init: () => ({consecutive: 0}),
    update(grads: NamedTensors, state: SkipNonFiniteState) {
      const broken = namesOfNonFinite(grads);
      if (broken.length === 0) return [grads, {consecutive: 0}] as const;
      const consecutive = state.consecutive + 1;
      if (consecutive > maxConsecutive) {
        throw new Error(
          `skipNonFinite: ${consecutive} steps in a row had gradients that are not finite; this time those of ${listed(broken)}. ` +
            'The weights are as before. Lower the learning rate, clip the gradients, or look for NaN in the data.',
        );
      }
      return [{}, {consecutive}] as const;
    },
  });
}

/** A norm is finite where all entries are. */
function namesOfNonFinite(grads: NamedTensors): string[] {
  const names = Object.keys(grads);
  if (names.length === 0) return [];
  const norms = readNow(normOfEach(grads));
  return names.filter((_, i) => !Number.isFinite(norms[i]));
}

function readNow(tensor: tf.Tensor): ArrayLike<number> {
  try {
    return tensor.dataSync();
  } catch (cause) {
    throw new Error(
      `skipNonFinite: the backend '${tf.getBackend()}' cannot read tensors synchronously, which this needs in every step. ` +
        'Use zeroNonFinite() instead, which reads nothing.',
      {cause},
    );
  }
}

function listed(names: readonly string[]): string {
  const [first, ...others] = names;
  return others.length === 0 ? `'${first}'` : `'${first}' and ${others.length} more`;
}
