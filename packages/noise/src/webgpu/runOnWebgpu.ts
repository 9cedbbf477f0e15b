import {runJointKernel} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import type {NoiseKind} from '../noiseKind.js';
import {perturbProgram, type WebgpuProgram, type WebgpuUniform} from './perturbProgram.js';

/** What is needed of the backend of `@tensorflow/tfjs-backend-webgpu`. */
interface WebgpuBackend extends tf.KernelBackend {
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  runWebGPUProgram(
    program: WebgpuProgram,
    inputs: tf.TensorInfo[],
    outputDtype: tf.DataType,
    uniforms: WebgpuUniform[],
    output: tf.TensorInfo,
  ): tf.TensorInfo;
}

const KERNEL = 'PerturbEach';
const BACKEND = 'webgpu';

/**
 * {@link runJointKernel} on the backend webgpu, which gets its `PerturbEach` here: the noise is made on the device.
 *
 * Undefined also where the backend cannot run it, because it is another one than that of TensorFlow.js 4.22.
 */
export const runOnWebgpu: typeof runJointKernel = (...call) => {
  if (tf.getKernel(KERNEL, BACKEND) === undefined) {
    tf.registerKernel({kernelName: KERNEL, backendName: BACKEND, kernelFunc: perturb});
  }
  try {
    return runJointKernel(...call);
  } catch {
    return undefined;
  }
};

const perturb: tf.KernelFunc = ({inputs, attrs, backend: given}) => {
  const backend = given as WebgpuBackend;
  const {kind, streams, amount} = attrs as unknown as {kind: NoiseKind; streams: number[]; amount?: number};
  const outputs: tf.TensorInfo[] = [];
  try {
    for (let i = 0, x = inputs[0]; x !== undefined; x = inputs[++i]) {
      const size = tf.util.sizeFromShape(x.shape);
      const flat = [size];
      const output = backend.makeTensorInfo(flat, 'float32');
      outputs.push({...output, shape: x.shape});
      backend.runWebGPUProgram(
        perturbProgram(kind, size, amount !== undefined),
        [{...x, shape: flat}, ...(inputs['amounts'] === undefined ? [] : [inputs['amounts']])],
        'float32',
        [
          {type: 'uint32', data: streams.slice(2 * i, 2 * i + 2)},
          amount === undefined ? {type: 'int32', data: [i]} : {type: 'float32', data: [amount]},
        ],
        output,
      );
    }
    return outputs;
  } catch (error) {
    for (const {dataId} of outputs) backend.disposeData(dataId);
    throw error;
  }
};
