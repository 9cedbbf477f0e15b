import {
  divideEach,
  type GradientTransform,
  mapTensors,
  type NamedTensors,
  normOfEach,
  paramSpec,
  requireOptions,
  requirePositive,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {excess} from './excess.js';
import {divideColumns, normsOfColumns} from './jointUnits.js';
import {normOfUnits} from './normOfUnits.js';

/** The options of {@link adaptiveGradientClip}. */
export interface AdaptiveGradientClipOptions {
  /** Largest ratio of gradient norm to weight norm that passes unchanged; > 0, default 0.01. */
  readonly clipping?: number;
  /** Smallest weight norm that counts, so that units at zero can leave it; > 0, in units of the weights, default 1e-3. */
  readonly epsilon?: number;
}

/**
 * Limits the gradient of every unit to a share of the unit's weights: adaptive gradient clipping, AGC.
 *
 *     gᵤ ← gᵤ · min(1, clipping · max(‖wᵤ‖₂, epsilon) / ‖gᵤ‖₂)
 *
 * A unit is what feeds one output: all axes but the last of a kernel, (in, out) or (h, w, in, out). Of a depthwise
 * kernel (h, w, in, mult), known by its name `…/depthwise_kernel`, it is one filter (h, w), for each of these feeds an
 * output of its own; PyTorch's layout says the same. Biases, gains and scalars are one unit each. Keeps the direction of
 * every unit; what is small enough passes exactly unchanged. Holes stay holes. Entries that are not finite are not
 * repaired.
 *
 * Leave the output layer out with `masked`, as the authors do.
 *
 * @throws RangeError if an option is not a positive number.
 * @throws TypeError if `options` is no object or has an unknown key.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {masked, transformGradients} from '@gradwire/core';
 * import {adaptiveGradientClip} from '@gradwire/clipping';
 *
 * const hidden = tf.variable(tf.tensor2d([[3, 30], [4, 40]]), true, 'hidden/kernel');
 * const logits = tf.variable(tf.tensor1d([5]), true, 'logits/bias');
 * const clip = masked('!(logits)/*', adaptiveGradientClip({clipping: 0.1}));
 * const optimizer = transformGradients(tf.train.sgd(0.5), clip);
 * optimizer.minimize(() => tf.add(tf.sum(tf.square(hidden)), tf.sum(logits)) as tf.Scalar);
 * hidden.print(); // [[2.85, 28.5], [3.8, 38]]: its gradient is twice itself, of which a tenth of itself is left
 * logits.print(); // [4.5]
 * ```
 * @see Brock, De, Smith, Simonyan (2021), "High-Performance Large-Scale Image Recognition Without Normalization",
 * arXiv:2102.06171.
 */
export function adaptiveGradientClip(
  options: AdaptiveGradientClipOptions = {},
): GradientTransform<undefined> {
  const {clipping = 0.01, epsilon = 1e-3} = requireOptions('adaptiveGradientClip', options, {
    clipping: 0.01,
    epsilon: 1e-3,
  });
  requirePositive('adaptiveGradientClip', {clipping, epsilon});
  const limit = <T extends tf.Tensor>(weightNorms: T): T =>
    tf.mul(clipping, tf.maximum(weightNorms, epsilon));

  /** Of all parameters at once, where the backend can do that. */
  function clipJointly(grads: NamedTensors, params: NamedTensors): NamedTensors | undefined {
    const [names, list] = [Object.keys(grads), Object.values(grads)];
    if (list.length === 0) return grads;
    const weights = names.map((name) => params[name]!);
    const units = list.map(({shape}, i) => Math.max(1, unitsOf(names[i]!, shape)));
    // Norms far below these floors decide nothing: those of weights count as epsilon, those of gradients are not clipped.
    const floor = Math.min(epsilon, clipping * epsilon);
    const norms = normsOfColumns([...list, ...weights], [...units, ...units], floor);
    if (norms === undefined) return undefined;
    const [gradNorms, weightNorms] = tf.split(norms, 2) as [tf.Tensor1D, tf.Tensor1D];
    const clipped = divideColumns(list, units, excess(gradNorms, limit(weightNorms)));
    return Object.fromEntries(names.map((name, i) => [name, clipped[i]!]));
  }

  function clipWhole(grads: NamedTensors, weights: NamedTensors): NamedTensors {
    return divideEach(grads, excess(normOfEach(grads), limit(normOfEach(weights))));
  }

  function clipUnits(grad: tf.Tensor, weight: tf.Tensor, units: number): tf.Tensor {
    const columns = (tensor: tf.Tensor): tf.Tensor2D => tf.reshape(tensor, [tensor.size / units, units]);
    const limits = limit(normOfUnits(columns(weight), epsilon));
    const divisors = excess(normOfUnits(columns(grad), limits), limits);
    return tf.reshape(tf.div(columns(grad), divisors), grad.shape);
  }

  return stateless(
    'adaptiveGradientClip',
    {clipping, epsilon},
    (grads, {params}) => {
      const jointly = clipJointly(grads, params);
      if (jointly !== undefined) return jointly;
      const isWhole = ([name, {shape}]: [string, tf.Tensor]): boolean => unitsOf(name, shape) <= 1;
      const whole = Object.fromEntries(Object.entries(grads).filter(isWhole));
      const weights = mapTensors(whole, (_, name) => params[name]!);
      const clipped = clipWhole(whole, weights);
      // Tidied one by one: at any time there are the auxiliary tensors of one parameter.
      const clipOne = (grad: tf.Tensor, name: string): tf.Tensor =>
        tf.tidy(() => clipUnits(grad, params[name]!, unitsOf(name, grad.shape)));
      return mapTensors(grads, (grad, name) => clipped[name] ?? clipOne(grad, name));
    },
    {kind: 'clip', scope: 'unit'},
  );
}

/** How many units there are. As the last axes tell them apart, they are the columns of a matrix. */
function unitsOf(name: string, shape: readonly number[]): number {
  if (shape.length < 2) return 1;
  const isDepthwise = shape.length === 4 && paramSpec(name, shape).role === 'depthwise_kernel';
  return tf.util.sizeFromShape(shape.slice(isDepthwise ? -2 : -1));
}
