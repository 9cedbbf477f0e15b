import {
  ClipByValue,
  getKernel,
  type KernelConfig,
  registerKernel,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import {divideEach} from './joint/divideEach.js';
import {divideUnits} from './joint/divideUnits.js';
import {momentsOfEach} from './joint/momentsOfEach.js';
import {normOfEach} from './joint/normOfEach.js';
import {perturbEach} from './joint/perturbEach.js';
import {signEach} from './joint/signEach.js';
import {statisticsOfEach} from './joint/statisticsOfEach.js';
import {meanOfUnits, normOfUnits} from './joint/statisticsOfUnits.js';
import {zeroNonFiniteEach} from './joint/zeroNonFiniteEach.js';
import {avgPool3DGrad, avgPoolGrad} from './kernels/avgPoolGrad.js';
import {cast} from './kernels/cast.js';
import {clipByValue} from './kernels/clipByValue.js';
import {conv2DBackpropFilter} from './kernels/conv2DBackpropFilter.js';
import {conv2DBackpropInput} from './kernels/conv2DBackpropInput.js';
import {conv3DBackpropFilterV2} from './kernels/conv3DBackpropFilterV2.js';
import {conv3DBackpropInputV2} from './kernels/conv3DBackpropInputV2.js';
import {depthwiseConv2dNativeBackpropFilter} from './kernels/depthwiseConv2dNativeBackpropFilter.js';
import {depthwiseConv2dNativeBackpropInput} from './kernels/depthwiseConv2dNativeBackpropInput.js';
import {dilation2D, dilation2DBackpropFilter, dilation2DBackpropInput} from './kernels/dilation2D.js';
import {einsum} from './kernels/einsum.js';
import {kernelsWithWindows, withExactWindows} from './kernels/exactWindows.js';
import {maxPool3D} from './kernels/maxPool3D.js';
import {maxPool3DGrad, maxPoolGrad} from './kernels/maxPoolGrad.js';
import {resizeBilinearGrad, resizeNearestNeighborGrad} from './kernels/resizeGradients.js';
import {registerTanhGradient, tanhGrad} from './kernels/tanhGradient.js';
import {unsortedSegmentSum} from './kernels/unsortedSegmentSum.js';
import {OURS} from './ours.js';
import {override} from './overrides/override.js';
import {overrides} from './overrides/overrides.js';
import {hasSimd} from './simd/simdKernels.js';

/** Kernels that gradients need: the shipped wasm backend lacks them, or they are wrong there or slow, as each one says. */
const kernels: readonly KernelConfig[] = [
  avgPool3DGrad,
  avgPoolGrad,
  cast,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  conv3DBackpropFilterV2,
  conv3DBackpropInputV2,
  depthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dNativeBackpropInput,
  dilation2D,
  dilation2DBackpropFilter,
  dilation2DBackpropInput,
  einsum,
  maxPool3D,
  maxPool3DGrad,
  maxPoolGrad,
  resizeBilinearGrad,
  resizeNearestNeighborGrad,
  tanhGrad,
  unsortedSegmentSum,
];

/** Kernels of all parameters at once, which plugins look for with `runJointKernel`. */
const joint: readonly KernelConfig[] = [
  divideEach,
  divideUnits,
  meanOfUnits,
  momentsOfEach,
  normOfEach,
  normOfUnits,
  signEach,
  statisticsOfEach,
  zeroNonFiniteEach,
];

/** Shipped kernels that are right or fast in part, and what makes a whole of them. */
const corrections: Readonly<Record<string, (shipped: KernelConfig) => KernelConfig>> = {
  [ClipByValue]: clipByValue,
  ...Object.fromEntries(kernelsWithWindows.map((kernelName) => [kernelName, withExactWindows])),
};

/** Registers them, each once, whichever copy of this package comes first. */
export function registerKernels(): void {
  for (const kernel of [...kernels, ...joint]) {
    if (!isOurs(kernel.kernelName)) register(kernel);
  }
  // Without SIMD, plugins make their noise themselves.
  if (!isOurs(perturbEach.kernelName) && hasSimd()) register(perturbEach);
  for (const kernelName of new Set([...Object.keys(corrections), ...Object.keys(overrides)])) {
    if (!isOurs(kernelName)) register(improved(getKernel(kernelName, 'wasm')));
  }
  registerTanhGradient();
}

function improved(shipped: KernelConfig): KernelConfig {
  const right = corrections[shipped.kernelName]?.(shipped) ?? shipped;
  const fast = overrides[shipped.kernelName];
  return fast === undefined ? right : {...right, kernelFunc: override(right.kernelFunc, ...fast)};
}

function isOurs(kernelName: string): boolean {
  const kernel = getKernel(kernelName, 'wasm') as KernelConfig | undefined;
  return kernel !== undefined && OURS in kernel.kernelFunc;
}

function register(kernel: KernelConfig): void {
  if (getKernel(kernel.kernelName, 'wasm') !== undefined) unregisterKernel(kernel.kernelName, 'wasm');
  registerKernel({...kernel, kernelFunc: Object.assign(kernel.kernelFunc, {[OURS]: true})});
}
