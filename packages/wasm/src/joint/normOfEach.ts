import {addressOf} from '../overrides/override.js';
import {jointKernel} from './jointKernel.js';
import {jointTable} from './jointTable.js';

/** The L2 norm of every tensor, as one vector: √(Σ t²), in float64, where squares of float32 stay in range. */
export const normOfEach = jointKernel('NormOfEach', ({tensors, backend}, simd) => {
  const shape = [tensors.length];
  if (simd === undefined) {
    const norms = Float32Array.from(tensors, (tensor) => normOf(backend.typedArrayFromHeap(tensor)));
    return [backend.makeOutput(shape, 'float32', undefined, norms)];
  }
  const {at, rows, chunks, partials, wake} = jointTable(
    backend,
    simd,
    tensors.map((tensor) => ({tensor})),
    {partialBytes: 8},
  );
  const norms = backend.makeOutput(shape, 'float32');
  const to = addressOf(backend, norms);
  simd.exports.normOfEach(simd.control, at, rows, chunks, partials, to, wake);
  return [norms];
});

function normOf(values: Iterable<number>): number {
  let sum = 0;
  for (const t of values) sum += t * t;
  return Math.sqrt(sum);
}
