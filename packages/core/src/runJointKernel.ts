import * as tf from '@tensorflow/tfjs-core';
import {registerCpuKernels} from './cpuKernels.js';

/**
 * Runs a kernel that takes many tensors at once, where the active backend has one.
 *
 * tfjs spends some microseconds on every call, whatever the size of its tensors; a kernel of this kind is called once
 * for all parameters of a network. It is registered as any other, with `tf.registerKernel`; its inputs are the tensors
 * under the keys `'0'`, `'1'`, … and those of `more` under their names.
 *
 * @param kernelName the name that it is registered under.
 * @param tensors float32 tensors of any shapes.
 * @param more other inputs, by name.
 * @param attrs its attributes.
 * @returns its outputs; undefined where the backend has no such kernel, or a tensor is not float32: then do the same
 * with operations of tfjs.
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import {runJointKernel} from '@gradwire/core';
 *
 * const halve = (tensors: tf.Tensor[]) => runJointKernel('Halve', tensors) ?? tensors.map((t) => tf.div(t, 2));
 * halve([tf.scalar(4)])[0]!.print(); // 2
 * ```
 */
export function runJointKernel(
  kernelName: string,
  tensors: readonly tf.Tensor[],
  more: Readonly<Record<string, tf.Tensor>> = {},
  attrs: tf.NamedAttrMap = {},
): readonly tf.Tensor[] | undefined {
  if (tf.getKernel(kernelName, tf.getBackend()) === undefined) return undefined;
  if (tensors.some(({dtype}) => dtype !== 'float32')) return undefined;
  const outputs = tf
    .engine()
    .runKernel(kernelName, {...Object.fromEntries(tensors.entries()), ...more}, attrs);
  return Array.isArray(outputs) ? outputs : [outputs as tf.Tensor];
}

registerCpuKernels();
