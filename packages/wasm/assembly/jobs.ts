import {divideChunk} from './divideChunk';
import {momentsChunk} from './momentsChunk';
import {findNonFiniteChunk, zeroNonFiniteChunk} from './nonFiniteChunk';
import {normChunk} from './normChunk';
import {packPanels} from './pack';
import {perturbRowChunk} from './perturbRowChunk';
import {signChunk} from './signChunk';
import {statisticsChunk} from './statisticsChunk';
import {multiplyStripe} from './stripe';
import {tanhChunk, tanhGradientChunk} from './tanhChunk';
import {divideUnitsChunk, squaresChunk, sumsChunk} from './unitsChunk';

/*
 * A job is cut into chunks, which the calling thread and the workers claim one by one. The control block, shared by all:
 *
 *   0  i32  ticket: counts the jobs; workers wait for it to change
 *   4  i32  chunks done
 *   8  i64  chunks left, and the ticket in the upper half: a worker that comes late finds none of its job, and takes none of
 *           the next before all of that has been written
 *  16  i32  chunks in all
 *  20  i32  kind
 *  24  i32  arguments
 */
const TICKET: usize = 0;
const DONE: usize = 4;
const LEFT: usize = 8;
const CHUNKS: usize = 16;
const KIND: usize = 20;
const ARGUMENTS: usize = 24;

export const PACK: i32 = 0;
export const MULTIPLY: i32 = 1;
export const TANH: i32 = 2;
export const TANH_GRADIENT: i32 = 3;
export const NORM: i32 = 4;
export const MOMENTS: i32 = 5;
export const DIVIDE: i32 = 6;
export const PERTURB: i32 = 7;
export const SQUARES: i32 = 8;
export const SUMS_OF_UNITS: i32 = 9;
export const DIVIDE_UNITS: i32 = 10;
export const SIGN: i32 = 11;
export const FIND_NON_FINITE: i32 = 12;
export const ZERO_NON_FINITE: i32 = 13;
export const STATISTICS: i32 = 14;

/** How often the calling thread looks for the others' last chunks before it sleeps. */
const LOOKS: i32 = 20_000;

/** Where a job's arguments are to be written before {@link run}. */
@inline export function argumentsOf(control: usize): usize {
  return control + ARGUMENTS;
}

/** Does a job, together with the workers if they are to wake. Returns when all of it is done. */
export function run(control: usize, kind: i32, chunks: i32, wake: bool): void {
  const ticket = load<i32>(control, TICKET) + 1;
  store<i32>(control, chunks, CHUNKS);
  store<i32>(control, kind, KIND);
  atomic.store<i32>(control, 0, DONE);
  atomic.store<i64>(control, ((<i64>ticket) << 32) | <i64>chunks, LEFT);
  atomic.store<i32>(control, ticket, TICKET);
  if (wake && chunks > 1) atomic.notify(control + TICKET, -1);
  takeChunks(control, ticket, 0);
  let looks = 0;
  while (true) {
    const done = atomic.load<i32>(control, DONE);
    if (done === chunks) return;
    if (looks < LOOKS) looks++;
    else atomic.wait<i32>(control + DONE, done, -1);
  }
}

/** The life of a worker: never returns. `index` counts from 1. */
export function work(control: usize, index: i32): void {
  let last = 0;
  while (true) {
    const ticket = atomic.load<i32>(control, TICKET);
    if (ticket === last) {
      atomic.wait<i32>(control + TICKET, last, -1);
      continue;
    }
    last = ticket;
    takeChunks(control, ticket, index);
  }
}

function takeChunks(control: usize, ticket: i32, index: i32): void {
  while (true) {
    const left = atomic.load<i64>(control, LEFT);
    if (<i32>(left >> 32) !== ticket || <i32>left === 0) return;
    if (atomic.cmpxchg<i64>(control, left, left - 1, LEFT) !== left) continue;
    const chunk = <i32>left - 1;
    const kind = load<i32>(control, KIND);
    const given = argumentsOf(control);
    if (kind === PACK) packPanels(given, chunk);
    else if (kind === MULTIPLY) multiplyStripe(given, chunk, index);
    else if (kind === TANH) tanhChunk(given, chunk);
    else if (kind === TANH_GRADIENT) tanhGradientChunk(given, chunk);
    else if (kind === NORM) normChunk(given, chunk);
    else if (kind === MOMENTS) momentsChunk(given, chunk);
    else if (kind === DIVIDE) divideChunk(given, chunk);
    else if (kind === PERTURB) perturbRowChunk(given, chunk, index);
    else if (kind === SQUARES) squaresChunk(given, chunk);
    else if (kind === SUMS_OF_UNITS) sumsChunk(given, chunk);
    else if (kind === DIVIDE_UNITS) divideUnitsChunk(given, chunk);
    else if (kind === SIGN) signChunk(given, chunk);
    else if (kind === FIND_NON_FINITE) findNonFiniteChunk(given, chunk);
    else if (kind === ZERO_NON_FINITE) zeroNonFiniteChunk(given, chunk);
    else statisticsChunk(given, chunk);
    if (atomic.add<i32>(control, 1, DONE) + 1 === load<i32>(control, CHUNKS)) atomic.notify(control + DONE, -1);
  }
}
