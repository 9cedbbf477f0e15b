import {argumentsOf, run, TANH} from './jobs';
import {CHUNK} from './tanhChunk';

/** y = tanh(x), `size` floats. */
export function tanh(control: usize, x: usize, y: usize, size: i32): void {
  const given = argumentsOf(control);
  store<usize>(given, x);
  store<usize>(given, y, 4);
  store<i32>(given, size, 8);
  run(control, TANH, (size + CHUNK - 1) / CHUNK, true);
}
