import {addressOf} from '../overrides/override.js';
import {jointKernel} from './jointKernel.js';
import {jointTable} from './jointTable.js';

/**
 * Mean and standard deviation of every tensor, as two vectors. One pass in float64 over what is left when the first element is
 * taken off: equal elements deviate by exactly 0.
 */
export const momentsOfEach = jointKernel('MomentsOfEach', ({tensors, backend}, simd) => {
  const shape = [tensors.length];
  if (simd === undefined) {
    const moments = tensors.map((tensor) => momentsOf(backend.typedArrayFromHeap(tensor)));
    return (['mean', 'deviation'] as const).map((which) => {
      const values = Float32Array.from(moments, (each) => each[which]);
      return backend.makeOutput(shape, 'float32', undefined, values);
    });
  }
  const {at, rows, chunks, partials, wake} = jointTable(
    backend,
    simd,
    tensors.map((tensor) => ({tensor})),
    {partialBytes: 16},
  );
  const [means, deviations] = [backend.makeOutput(shape, 'float32'), backend.makeOutput(shape, 'float32')];
  simd.exports.momentsOfEach(
    simd.control,
    at,
    rows,
    chunks,
    partials,
    addressOf(backend, means),
    addressOf(backend, deviations),
    wake,
  );
  return [means, deviations];
});

function momentsOf(values: ArrayLike<number> & Iterable<number>): {mean: number; deviation: number} {
  const {length: n} = values;
  if (n === 0) return {mean: 0, deviation: 0};
  const origin = Number.isFinite(values[0]) ? values[0]! : 0;
  let [sum, squares] = [0, 0];
  for (const t of values) {
    sum += t - origin;
    squares += (t - origin) ** 2;
  }
  const deviation = Math.sqrt(Math.max(0, squares - sum ** 2 / n) / Math.max(1, n - 1));
  return {mean: origin + sum / n, deviation};
}
