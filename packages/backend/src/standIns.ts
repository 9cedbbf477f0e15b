import * as tf from '@tensorflow/tfjs-core';

type Invocation = Parameters<tf.KernelFunc>[0];
type Shaped = Pick<tf.TensorInfo, 'shape' | 'dtype'>;

/**
 * Runs `run` with a stand-in for each kernel that the backend lacks and cpu has. A stand-in computes nothing: it returns
 * zeros in the shape of the result, and reports each call.
 */
export function withStandIns(backend: string, onCall: (kernel: string) => void, run: () => void): void {
  const missing = tf
    .getKernelsForBackend('cpu')
    .filter(({kernelName}) => tf.getKernel(kernelName, backend) === undefined);
  for (const kernel of missing) tf.registerKernel(standIn(kernel, backend, onCall));
  try {
    run();
  } finally {
    for (const {kernelName} of missing) tf.unregisterKernel(kernelName, backend);
  }
}

function standIn(
  kernel: tf.KernelConfig,
  backendName: string,
  onCall: (kernel: string) => void,
): tf.KernelConfig {
  return {
    kernelName: kernel.kernelName,
    backendName,
    kernelFunc: (invocation) => {
      onCall(kernel.kernelName);
      const results = resultsOf(kernel, invocation).map((result) => zeros(result, invocation.backend));
      return results.length === 1 ? results[0]! : results;
    },
  };
}

/** The gradients of convolutions say the shape of their result; of others, cpu works it out. */
function resultsOf(kernel: tf.KernelConfig, {inputs, attrs = {}}: Invocation): Shaped[] {
  const shape = kernel.kernelName.includes('Backprop')
    ? (attrs['filterShape'] ?? attrs['inputShape'])
    : undefined;
  // These would take cpu seconds.
  if (shape !== undefined) return [{shape: shape as number[], dtype: 'float32'}];

  const cpu = tf.findBackend('cpu');
  const copies: tf.TensorInfo[] = [];
  const copy = (input: tf.TensorInfo): tf.TensorInfo => {
    const made = zeros(input, cpu);
    copies.push(made);
    return made;
  };
  try {
    const onCpu = Array.isArray(inputs)
      ? inputs.map(copy)
      : Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input && copy(input)]));
    const results = [kernel.kernelFunc({inputs: onCpu as Invocation['inputs'], attrs, backend: cpu})].flat();
    copies.push(...results);
    return results;
  } finally {
    for (const {dataId} of copies) cpu.disposeData(dataId);
  }
}

function zeros({shape, dtype}: Shaped, backend: unknown): tf.TensorInfo {
  const values = tf.util.makeZerosTypedArray(tf.util.sizeFromShape(shape), dtype as tf.NumericDataType);
  return {dataId: (backend as tf.KernelBackend).write(values, shape, dtype), shape, dtype};
}
