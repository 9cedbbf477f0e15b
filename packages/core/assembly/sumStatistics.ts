import {total, widen} from './widen';

// What is left of elements, as offsets: f64, where nothing of float32 is out of range; f32; i32.
/** Σ (t − o), where o is the origin. */
export const SUM: usize = 0;
/** Σ (t − o)². */
export const SQUARES: usize = 8;
/** Σ |t|, NaN if an element is. */
export const SIZES: usize = 16;
/** Of the elements that are not NaN. */
export const LEAST: usize = 24;
export const MOST: usize = 28;
/** How many are 0. */
export const ZEROS: usize = 32;
/** How many are smaller in size than the threshold. */
export const SMALL: usize = 36;
export const STATISTICS_BYTES: i32 = 40;

/** Sums over the float32 elements between two addresses, written to `to`. */
export function sumStatistics(at: usize, end: usize, origin: f64, threshold: f32, to: usize): void {
  const origins = f64x2.splat(origin);
  const thresholds = f32x4.splat(threshold);
  const none = f64x2.splat(0);
  let a = none;
  let b = none;
  let aa = none;
  let bb = none;
  let sizesA = none;
  let sizesB = none;
  let leasts = f32x4.splat(Infinity);
  let mosts = f32x4.splat(-Infinity);
  let zeros4 = none;
  let small4 = none;
  for (; at + 16 <= end; at += 16) {
    const t = v128.load(at);
    const t0 = widen(at);
    const t1 = widen(at + 8);
    const d0 = f64x2.sub(t0, origins);
    const d1 = f64x2.sub(t1, origins);
    a = f64x2.add(a, d0);
    b = f64x2.add(b, d1);
    aa = f64x2.add(aa, f64x2.mul(d0, d0));
    bb = f64x2.add(bb, f64x2.mul(d1, d1));
    sizesA = f64x2.add(sizesA, f64x2.abs(t0));
    sizesB = f64x2.add(sizesB, f64x2.abs(t1));
    leasts = f32x4.pmin(leasts, t);
    mosts = f32x4.pmax(mosts, t);
    // A lane that it is true for is −1.
    zeros4 = i32x4.sub(zeros4, f32x4.eq(t, none));
    small4 = i32x4.sub(small4, f32x4.lt(f32x4.abs(t), thresholds));
  }
  let sum = total(a, b, none, none);
  let squares = total(aa, bb, none, none);
  let sizes = total(sizesA, sizesB, none, none);
  let least = min(
    min(f32x4.extract_lane(leasts, 0), f32x4.extract_lane(leasts, 1)),
    min(f32x4.extract_lane(leasts, 2), f32x4.extract_lane(leasts, 3)),
  );
  let most = max(
    max(f32x4.extract_lane(mosts, 0), f32x4.extract_lane(mosts, 1)),
    max(f32x4.extract_lane(mosts, 2), f32x4.extract_lane(mosts, 3)),
  );
  let zeros = laneSum(zeros4);
  let small = laneSum(small4);
  for (; at < end; at += 4) {
    const t = load<f32>(at);
    const d = <f64>t - origin;
    sum += d;
    squares += d * d;
    sizes += <f64>abs(t);
    if (t < least) least = t;
    if (t > most) most = t;
    zeros += <i32>(t === 0);
    small += <i32>(abs(t) < threshold);
  }
  store<f64>(to, sum, SUM);
  store<f64>(to, squares, SQUARES);
  store<f64>(to, sizes, SIZES);
  store<f32>(to, least, LEAST);
  store<f32>(to, most, MOST);
  store<i32>(to, zeros, ZEROS);
  store<i32>(to, small, SMALL);
}

@inline function laneSum(counts: v128): i32 {
  return (
    i32x4.extract_lane(counts, 0) +
    i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3)
  );
}
