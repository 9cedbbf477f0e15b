/*
 * Tensors that a job takes all at once, one row for each: its address and its size in elements; where results go, if they have
 * its shape; its first chunk, of all chunks of all tensors, and how many elements a chunk of it has; what else the job takes of
 * each, up to two f32 and three i32. A tensor without elements has no chunk.
 */
export const FROM: usize = 0;
export const SIZE: usize = 4;
export const TO: usize = 8;
export const FIRST_CHUNK: usize = 12;
/** Elements in one chunk; the last one may have fewer. */
const CHUNK: usize = 16;
export const NUMBERS: usize = 20;
export const WORDS: usize = 28;
const ROW_BYTES: usize = 40;

// Arguments of the job, as offsets; all i32.
const TABLE: usize = 0;
const ROWS: usize = 4;
/** What chunks leave of themselves, to be added up by the calling thread: in order, whoever has computed them. */
export const PARTIALS: usize = 8;

/** Writes the arguments of a job. */
@inline export function giveTable(given: usize, table: usize, rows: i32, partials: usize): void {
  store<usize>(given, table, TABLE);
  store<i32>(given, rows, ROWS);
  store<usize>(given, partials, PARTIALS);
}

/** The row of so many. */
@inline export function rowAt(given: usize, index: i32): usize {
  return load<usize>(given, TABLE) + <usize>index * ROW_BYTES;
}

/** The row of the tensor that a chunk is part of. */
export function rowOf(given: usize, chunk: i32): usize {
  let low = 0;
  let high = load<i32>(given, ROWS);
  // The last one that begins here or before: those before it that begin here as well are without elements.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (load<i32>(rowAt(given, middle), FIRST_CHUNK) <= chunk) low = middle;
    else high = middle;
  }
  return rowAt(given, low);
}

/** Where in its tensor a chunk begins, in elements. */
@inline export function offsetOf(row: usize, chunk: i32): i32 {
  return (chunk - load<i32>(row, FIRST_CHUNK)) * load<i32>(row, CHUNK);
}

/** How many elements a chunk has that begins there. */
@inline export function lengthAt(row: usize, offset: i32): i32 {
  return min(load<i32>(row, CHUNK), load<i32>(row, SIZE) - offset);
}

/** Into how many chunks a tensor is cut. */
@inline export function chunksOf(row: usize): i32 {
  const chunk = load<i32>(row, CHUNK);
  return (load<i32>(row, SIZE) + chunk - 1) / chunk;
}
