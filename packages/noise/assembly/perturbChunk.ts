import {DROP, NORMAL, UNIFORM} from './kinds';
import {dropMasks} from './dropMasks';
import {normals} from './normals';
import {uniforms} from './uniforms';
import {words} from './words';

/** Elements in one go. Their words, and then the noise, lie in `scratch`: few enough to stay in the first cache. */
const PART: i32 = 1024;
/** Bytes that {@link perturbChunk} needs as `scratch`; each thread its own. */
export const SCRATCH_BYTES: usize = <usize>PART << 2;

/**
 * y = x + amount · noise for the elements `first` to `first + count` of a stream; y = x · mask where the kind is DROP.
 *
 * The same bits as `scalarNoise` in src: IEEE operations in the same order, none of them fused.
 *
 * @param kind one of `kinds.ts`.
 * @param x address of element `first` of x, or 0: then y is the noise, or the mask, alone.
 * @param y address of element `first` of y; may be x.
 * @param k0 low word of the stream's key.
 * @param k1 its high word.
 * @param first an even number.
 * @param count how many elements.
 * @param amount factor of the noise; for DROP the rate.
 * @param scratch address of `SCRATCH_BYTES` bytes.
 */
export function perturbChunk(
  kind: i32,
  x: usize,
  y: usize,
  k0: i32,
  k1: i32,
  first: i32,
  count: i32,
  amount: f32,
  scratch: usize,
): void {
  while (count > 0) {
    const part = min(count, PART);
    const bytes = <usize>part << 2;
    const end = scratch + ((bytes + 127) & ~127);
    words(scratch, end, k0, k1, first >>> 1);
    if (kind === NORMAL) normals(scratch, end, amount);
    else if (kind === UNIFORM) uniforms(scratch, end, amount);
    else dropMasks(scratch, end, amount);
    if (x === 0) {
      memory.copy(y, scratch, bytes);
    } else {
      apply(kind === DROP, x, y, scratch, bytes);
      x += bytes;
    }
    y += bytes;
    first += part;
    count -= part;
  }
}

/** y = x + noise, or x · noise. */
@inline function apply(multiplies: bool, x: usize, y: usize, noise: usize, bytes: usize): void {
  const whole = bytes & ~15;
  let i: usize = 0;
  if (multiplies) {
    for (; i < whole; i += 16) v128.store(y + i, f32x4.mul(v128.load(x + i), v128.load(noise + i)));
    for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i) * load<f32>(noise + i));
  } else {
    for (; i < whole; i += 16) v128.store(y + i, f32x4.add(v128.load(x + i), v128.load(noise + i)));
    for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(x + i) + load<f32>(noise + i));
  }
}
