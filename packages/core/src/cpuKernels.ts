import {
  type DataId,
  getKernel,
  type KernelConfig,
  type NamedAttrMap,
  registerKernel,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import {statisticsRow} from './statisticsRow.js';

/** What the cpu backend has for kernels. */
interface CpuBackend {
  readonly data: {get(dataId: DataId): {readonly values: Float32Array}};
  incRef(dataId: DataId): void;
  makeTensorInfo(shape: readonly number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

interface CpuCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: NamedAttrMap;
  readonly backend: CpuBackend;
  /** Those under the keys '0', '1', …, and their values. */
  readonly tensors: readonly TensorInfo[];
  readonly values: readonly Float32Array[];
}

/**
 * Joint kernels in plain JavaScript: on the cpu backend, one loop in float64 does what takes ten small operations.
 * `@gradwire/wasm` has those of wasm.
 */
const kernels: readonly KernelConfig[] = [
  cpuKernel('NormOfEach', ({values, backend}) => vector(backend, values.map(norm))),
  cpuKernel('MomentsOfEach', ({values, backend}) => {
    const all = values.map(moments);
    return [0, 1].map((moment) =>
      vector(
        backend,
        all.map((of) => of[moment]!),
      ),
    );
  }),
  cpuKernel('StatisticsOfEach', ({values, attrs, backend}) => {
    const below = attrs['below'] as number | undefined;
    const rows = values.flatMap((of) => statisticsRow(of, below));
    const shape = [values.length, rows.length / values.length];
    return backend.makeTensorInfo(shape, 'float32', Float32Array.from(rows));
  }),
  cpuKernel('DivideEach', ({inputs, values, tensors, backend}) => {
    const {divisors, shifts} = inputs as {divisors: TensorInfo; shifts?: TensorInfo};
    const valueOf = (of: TensorInfo, i: number): number => {
      const {values: numbers} = backend.data.get(of.dataId);
      return numbers[numbers.length === 1 ? 0 : i]!;
    };
    return tensors.map(({dataId, shape, dtype}, i) => {
      const [divisor, shift] = [valueOf(divisors, i), shifts === undefined ? 0 : valueOf(shifts, i)];
      if (divisor !== 1 || shift !== 0) {
        return backend.makeTensorInfo(shape, 'float32', divided(values[i]!, divisor, shift));
      }
      backend.incRef(dataId);
      return {dataId, shape, dtype};
    });
  }),
];

/** Registers them, unless another copy of this package has. */
export function registerCpuKernels(): void {
  for (const kernel of kernels) {
    if (getKernel(kernel.kernelName, 'cpu') === undefined) registerKernel(kernel);
  }
}

function cpuKernel(kernelName: string, compute: (call: CpuCall) => TensorInfo | TensorInfo[]): KernelConfig {
  return {
    kernelName,
    backendName: 'cpu',
    kernelFunc: ({inputs: given, attrs = {}, backend: active}) => {
      const inputs = given as Readonly<Record<string, TensorInfo>>;
      const backend = active as CpuBackend;
      const tensors = Object.keys(inputs)
        .filter((key) => /^\d+$/.test(key))
        .map((key) => inputs[key]!);
      const values = tensors.map(({dataId}) => backend.data.get(dataId).values);
      return compute({inputs, attrs, backend, tensors, values});
    },
  };
}

function vector(backend: CpuBackend, values: readonly number[]): TensorInfo {
  return backend.makeTensorInfo([values.length], 'float32', Float32Array.from(values));
}

function norm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** Mean and deviation. Counted from the first value, if it is finite, so that equal ones do not deviate at all. */
function moments(values: Float32Array): readonly [mean: number, deviation: number] {
  const {length} = values;
  const first = Number.isFinite(values[0]) ? values[0]! : 0;
  let [sum, squares] = [0, 0];
  for (const value of values) {
    const distance = value - first;
    sum += distance;
    squares += distance * distance;
  }
  const variance = Math.max(0, squares - (sum * sum) / Math.max(1, length)) / Math.max(1, length - 1);
  return [first + sum / Math.max(1, length), Math.sqrt(variance)];
}

/** Rounded as the two operations are one after the other. */
function divided(values: Float32Array, divisor: number, shift: number): Float32Array {
  return values.map((value) => Math.fround(value - shift) / divisor);
}
