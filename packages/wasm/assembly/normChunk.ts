import {FROM, PARTIALS, lengthAt, offsetOf, rowOf} from './table';
import {total, widen} from '../../core/assembly/widen';

/** One chunk of {@link normOfEach}: Σ t², in float64, where no square of a float32 is out of range. */
export function normChunk(given: usize, chunk: i32): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  let at = load<usize>(row, FROM) + (<usize>offset << 2);
  const end = at + (<usize>lengthAt(row, offset) << 2);
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (; at + 32 <= end; at += 32) {
    const t0 = widen(at);
    const t1 = widen(at + 8);
    const t2 = widen(at + 16);
    const t3 = widen(at + 24);
    a = f64x2.add(a, f64x2.mul(t0, t0));
    b = f64x2.add(b, f64x2.mul(t1, t1));
    c = f64x2.add(c, f64x2.mul(t2, t2));
    d = f64x2.add(d, f64x2.mul(t3, t3));
  }
  let sum = total(a, b, c, d);
  for (; at < end; at += 4) {
    const t = <f64>load<f32>(at);
    sum += t * t;
  }
  store<f64>(load<usize>(given, PARTIALS) + (<usize>chunk << 3), sum);
}
