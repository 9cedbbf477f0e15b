import {SCRATCH_BYTES, perturbChunk} from '../../noise/assembly/perturbChunk';
import {FROM, WORDS, NUMBERS, TO, lengthAt, offsetOf, rowOf} from './table';

/** Bytes of scratch for each thread. */
export const NOISE_BYTES: usize = SCRATCH_BYTES;

// Arguments of the job besides the table's, as offsets.
export const NOISE: usize = 16;
export const SCRATCH: usize = 20;

/** One chunk of {@link perturbEach}. */
export function perturbRowChunk(given: usize, chunk: i32, index: i32): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  perturbChunk(
    load<i32>(given, NOISE),
    load<usize>(row, FROM) + (<usize>offset << 2),
    load<usize>(row, TO) + (<usize>offset << 2),
    load<i32>(row, WORDS),
    load<i32>(row, WORDS + 4),
    offset,
    lengthAt(row, offset),
    load<f32>(row, NUMBERS),
    load<usize>(given, SCRATCH) + <usize>index * NOISE_BYTES,
  );
}
