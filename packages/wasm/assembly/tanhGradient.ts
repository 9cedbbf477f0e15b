import {argumentsOf, run, TANH_GRADIENT} from './jobs';
import {CHUNK} from './tanhChunk';

/** dx = dy · (1 − y²), `size` floats; rounded as the three operations are one after the other. */
export function tanhGradient(control: usize, dy: usize, y: usize, dx: usize, size: i32): void {
  const given = argumentsOf(control);
  store<usize>(given, dy);
  store<usize>(given, y, 4);
  store<usize>(given, dx, 8);
  store<i32>(given, size, 12);
  run(control, TANH_GRADIENT, (size + CHUNK - 1) / CHUNK, true);
}
