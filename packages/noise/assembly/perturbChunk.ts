import {DROP} from './kinds';
import {GROUP, perturbGroups} from './perturbGroups';
import {TABLE_BYTES, fillTable} from './table';

/** Bytes that {@link perturbChunk} needs as `scratch`; each thread its own. */
export const SCRATCH_BYTES: usize = TABLE_BYTES + (<usize>GROUP << 2);

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
  fillTable(scratch, k0, k1, kind === DROP, amount);
  const whole = count & ~(GROUP - 1);
  if (whole > 0) perturbGroups(kind, x, y, k0, k1, first, whole, scratch);
  if (whole === count) return;
  // What is left is done as a group of its own, in another place.
  const done = <usize>whole << 2;
  const bytes = <usize>(count - whole) << 2;
  const rest = scratch + TABLE_BYTES;
  if (x !== 0) memory.copy(rest, x + done, bytes);
  perturbGroups(kind, x === 0 ? 0 : rest, rest, k0, k1, first + whole, GROUP, scratch);
  memory.copy(y + done, rest, bytes);
}
