import {FROM, PARTIALS, lengthAt, offsetOf, rowOf} from './table';
import {total, widen} from '../../core/assembly/widen';

/**
 * What is taken off every element, so that equal ones come to nothing and the squares of others do not drown their differences:
 * the first, if it is finite.
 */
@inline export function originOf(row: usize): f64 {
  const first = <f64>load<f32>(load<usize>(row, FROM));
  return isFinite<f64>(first) ? first : 0;
}

/** One chunk of {@link momentsOfEach}: Σ (t − o) and Σ (t − o)², in float64. */
export function momentsChunk(given: usize, chunk: i32): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  const origin = originOf(row);
  const origins = f64x2.splat(origin);
  let at = load<usize>(row, FROM) + (<usize>offset << 2);
  const end = at + (<usize>lengthAt(row, offset) << 2);
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let aa = a;
  let bb = a;
  let cc = a;
  let dd = a;
  for (; at + 32 <= end; at += 32) {
    const t0 = f64x2.sub(widen(at), origins);
    const t1 = f64x2.sub(widen(at + 8), origins);
    const t2 = f64x2.sub(widen(at + 16), origins);
    const t3 = f64x2.sub(widen(at + 24), origins);
    a = f64x2.add(a, t0);
    b = f64x2.add(b, t1);
    c = f64x2.add(c, t2);
    d = f64x2.add(d, t3);
    aa = f64x2.add(aa, f64x2.mul(t0, t0));
    bb = f64x2.add(bb, f64x2.mul(t1, t1));
    cc = f64x2.add(cc, f64x2.mul(t2, t2));
    dd = f64x2.add(dd, f64x2.mul(t3, t3));
  }
  let sum = total(a, b, c, d);
  let squares = total(aa, bb, cc, dd);
  for (; at < end; at += 4) {
    const t = <f64>load<f32>(at) - origin;
    sum += t;
    squares += t * t;
  }
  const partial = load<usize>(given, PARTIALS) + (<usize>chunk << 4);
  store<f64>(partial, sum);
  store<f64>(partial, squares, 8);
}
