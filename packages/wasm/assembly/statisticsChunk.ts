import {STATISTICS_BYTES, sumStatistics} from '../../core/assembly/sumStatistics';
import {originOf} from './momentsChunk';
import {FROM, NUMBERS, PARTIALS, lengthAt, offsetOf, rowOf} from './table';

/** One chunk of {@link statisticsOfEach}. */
export function statisticsChunk(given: usize, chunk: i32): void {
  const row = rowOf(given, chunk);
  const offset = offsetOf(row, chunk);
  const at = load<usize>(row, FROM) + (<usize>offset << 2);
  const end = at + (<usize>lengthAt(row, offset) << 2);
  const to = load<usize>(given, PARTIALS) + <usize>(chunk * STATISTICS_BYTES);
  sumStatistics(at, end, originOf(row), load<f32>(row, NUMBERS), to);
}
