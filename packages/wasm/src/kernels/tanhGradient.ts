import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {
  engine,
  getGradient,
  type GradConfig,
  type KernelConfig,
  registerGradient,
  type Tensor,
  Tanh,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import {OURS} from '../ours.js';
import {addressOf} from '../overrides/override.js';
import {simdKernelsOf} from '../simd/simdKernels.js';

const TanhGrad = 'TanhGrad';

/** dx = dy · (1 − y²): in one pass over memory instead of three, to the same bits. Only where there is SIMD. */
export const tanhGrad: KernelConfig = {
  kernelName: TanhGrad,
  backendName: 'wasm',
  kernelFunc: ({inputs, backend: given}) => {
    const {dy, y} = inputs as {dy: TensorInfo; y: TensorInfo};
    const backend = given as BackendWasm;
    const {exports, control} = simdKernelsOf(backend)!;
    const dx = backend.makeOutput(y.shape, 'float32');
    const [from, at, to] = [dy, y, dx].map((tensor) => addressOf(backend, tensor)) as [
      number,
      number,
      number,
    ];
    exports.tanhGradient(control, from, at, to, util.sizeFromShape(y.shape));
    return dx;
  },
};

/**
 * Has the gradient of tanh computed by {@link tanhGrad} on this backend. Gradients are registered for all backends at once: the
 * others keep what TensorFlow.js does, and so do second derivatives, which need operations that have gradients themselves.
 */
export function registerTanhGradient(): void {
  const registered = getGradient(Tanh) as GradConfig | undefined;
  // tfjs-core alone has no gradients.
  if (registered === undefined || OURS in registered.gradFunc) return;
  const gradFunc: GradConfig['gradFunc'] = (dy, saved, attrs) => ({
    x: () => {
      const inputs = {dy: dy as Tensor, y: saved[0]!};
      return isOnePass()
        ? engine().runKernel<Tensor>(TanhGrad, inputs)
        : registered.gradFunc(dy, saved, attrs)['x']!();
    },
  });
  registerGradient({...registered, gradFunc: Object.assign(gradFunc, {[OURS]: true})});
}

function isOnePass(): boolean {
  const {backendName, backend, state} = engine();
  return (
    backendName === 'wasm' && state.gradientDepth === 0 && simdKernelsOf(backend as BackendWasm) !== undefined
  );
}
