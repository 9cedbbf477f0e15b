import {
  type GradientTransform,
  isNative,
  mapTensors,
  type NamedTensors,
  paramSpec,
  requireOptions,
  runJointKernel,
  stateless,
} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Centralises the gradient of every kernel: subtracts from the weights of each unit their mean.
 *
 *     g[…, u] ← g[…, u] − mean(g[…, u])
 *
 * The mean is taken over all axes but the last, which are the inputs of a unit in tfjs: dense kernels (in, out),
 * convolutions (h, w, in, out). Depthwise kernels (h, w, in, multiplier), known by the name `depthwise_kernel`, have a
 * filter for every input, so theirs is taken over h and w. As in the authors' code, where the axes lie the other way. The
 * sum of the weights into a unit then stays what it was.
 *
 * Vectors and scalars, as biases are, pass unchanged; so do kernels with one weight a unit, which nothing would be left
 * of. Equal entries become exactly zero up to 1e30. Right from 1e-30 to 3e38, where the sum of two is no float32. Holes
 * stay holes. Shapes stay.
 *
 * @throws TypeError if it is given an option: there is none.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {transformGradients} from '@gradwire/core';
 * import {centralizeGradients} from '@gradwire/normalization';
 *
 * const w = tf.variable(tf.tensor2d([[1], [2], [3]]), true, 'centralizeGradientsExample');
 * const optimizer = transformGradients(tf.train.sgd(0.1), centralizeGradients());
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar); // the gradient is [[2], [4], [6]]
 * console.log([...w.dataSync()]); // [1.2, 2, 2.8]
 * ```
 * @see Yong et al. (2020), "Gradient Centralization: A New Optimization Technique for Deep Neural Networks",
 * arXiv:2004.01461.
 */
export function centralizeGradients(
  options: Readonly<Record<string, never>> = {},
): GradientTransform<undefined> {
  requireOptions('centralizeGradients', options, {});
  return stateless('centralizeGradients', {}, centralizeAll);
}

function centralizeAll(grads: NamedTensors): NamedTensors {
  const names = Object.keys(grads).filter((name) => changes(name, grads[name]!));
  const changed = centralizeJointly(
    names.map((name) => grads[name]!),
    names.map((name) => unitsOf(name, grads[name]!)),
  );
  const joint = changed && Object.fromEntries(names.map((name, i) => [name, changed[i]!]));
  return mapTensors(grads, (grad, name) =>
    changes(name, grad) ? (joint?.[name] ?? centralize(grad, unitsOf(name, grad))) : grad,
  );
}

function unitsOf(name: string, {shape}: tf.Tensor): number {
  const unitAxes = paramSpec(name, shape).role === 'depthwise_kernel' ? 2 : 1;
  return tf.util.sizeFromShape(shape.slice(-unitAxes));
}

function changes(name: string, grad: tf.Tensor): boolean {
  return grad.rank >= 2 && grad.size > unitsOf(name, grad);
}

/** All of them at once, where the backend can do that. */
function centralizeJointly(
  grads: readonly tf.Tensor[],
  units: readonly number[],
): readonly tf.Tensor[] | undefined {
  const means = runJointKernel('MeanOfUnits', grads, {}, {units: [...units]});
  return means && runJointKernel('DivideUnits', grads, {shifts: means[0]!}, {units: [...units]});
}

function centralize(grad: tf.Tensor, units: number): tf.Tensor {
  return tf.tidy(() => {
    if (grad.rank === 2) return centralizeColumns(grad as tf.Tensor2D);
    return tf.reshape(centralizeColumns(tf.reshape(grad, [-1, units])), grad.shape);
  });
}

function centralizeColumns(columns: tf.Tensor2D): tf.Tensor {
  return tf.sub(columns, (isNative() ? quickMeanOfColumns(columns) : undefined) ?? meanOfColumns(columns));
}

/**
 * Shape [1, columns]; undefined if a column may have equal entries that their mean, as rounded here, is not: in case of doubt,
 * which is one in thousands. A product is what native TensorFlow sums up with the fastest.
 */
function quickMeanOfColumns(columns: tf.Tensor2D): tf.Tensor | undefined {
  const [count] = columns.shape;
  const means = tf.matMul(tf.tensor2d(new Float32Array(count).fill(1 / count), [1, count]), columns);
  const first = tf.slice(columns, [0, 0], [1, -1]).dataSync();
  const mostRounding = count * 2 ** -23;
  const inDoubt = means
    .dataSync()
    .some(
      (mean, i) => mean !== first[i]! && !(Math.abs(mean - first[i]!) > mostRounding * Math.abs(first[i]!)),
    );
  return inDoubt ? undefined : means;
}

/** Shape [1, columns]. */
function meanOfColumns(columns: tf.Tensor2D): tf.Tensor {
  const [count] = columns.shape;
  // Counted from the first entry, so that equal ones have themselves for a mean and not what their sum is rounded to;
  // within bounds, so that differences are float32. And divided first: the sum of 1e38 and 3e38 is none.
  // Gathered, as tf.slice copies the whole kernel on wasm.
  const origin = tf.clipByValue(tf.gather(columns, [0]), -1e30, 1e30);
  const offset = tf.tidy(() => tf.sum(tf.div(tf.sub(columns, origin), count), 0, true));
  return tf.add(origin, offset);
}
