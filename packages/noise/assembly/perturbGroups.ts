import {NORMAL, UNIFORM} from './kinds';
import {
  aboveOne,
  artanhOf,
  halfRadius,
  halfSquare,
  logOfPower,
  parts,
  scaled,
  twiceAngle,
  twiceCosine,
  twiceSine,
} from './normals';
import {AMOUNT, EIGHT, FOUR, HALF, KEYS, LEAST, SIXTEEN, TWELVE, UNIT} from './table';

/** Elements of a group: 16 blocks of Threefry, as four vectors of first and four of second words. */
export const GROUP: i32 = 32;

/**
 * {@link perturbChunk} for whole groups, given its table. From the words to y everything stays in registers.
 *
 * One block after the other would wait for its own results; so every step is done for all four vectors. V8 however lays out the
 * steps between two branches vector by vector, and a processor does not look far enough ahead to see the next one. That is why
 * there are branches that nobody takes, one every few steps, for kinds that there are not: after the loop, where they lead, all
 * that has been computed is used, so before them it has to be there. Without these and
 * the table this would be slower than two passes through memory.
 */
export function perturbGroups(
  kind: i32,
  x: usize,
  y: usize,
  k0: i32,
  k1: i32,
  first: i32,
  count: i32,
  table: usize,
): void {
  const end = y + (<usize>count << 2);
  const turned = i32x4.splat(rotl<i32>(k1, 13));
  const zero = i32x4.splat(0);
  let next = i32x4.add(i32x4.splat((first >>> 1) + k0 + k1), i32x4(0, 1, 2, 3));
  let a0 = zero;
  let b0 = zero;
  let c0 = zero;
  let d0 = zero;
  let a1 = zero;
  let b1 = zero;
  let c1 = zero;
  let d1 = zero;
  let a2 = zero;
  let b2 = zero;
  let c2 = zero;
  let d2 = zero;
  let a3 = zero;
  let b3 = zero;
  let c3 = zero;
  let d3 = zero;
  while (true) {
    if (y >= end) return;
    // Else they would have to be kept from group to group, for those branches.
    c0 = zero;
    c1 = zero;
    c2 = zero;
    c3 = zero;
    d0 = zero;
    d1 = zero;
    d2 = zero;
    d3 = zero;
    a0 = next;
    a1 = i32x4.add(next, v128.load(table, FOUR));
    a2 = i32x4.add(next, v128.load(table, EIGHT));
    a3 = i32x4.add(next, v128.load(table, TWELVE));
    next = i32x4.add(next, v128.load(table, SIXTEEN));
    // Of the first round is left what differs between counters.
    b0 = v128.xor(turned, a0);
    b1 = v128.xor(turned, a1);
    b2 = v128.xor(turned, a2);
    b3 = v128.xor(turned, a3);
    if (kind === 10) break;
    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 15), a0);
    b1 = v128.xor(rotate(b1, 15), a1);
    b2 = v128.xor(rotate(b2, 15), a2);
    b3 = v128.xor(rotate(b3, 15), a3);
    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 26), a0);
    b1 = v128.xor(rotate(b1, 26), a1);
    b2 = v128.xor(rotate(b2, 26), a2);
    b3 = v128.xor(rotate(b3, 26), a3);
    if (kind === 11) break;
    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 6), a0);
    b1 = v128.xor(rotate(b1, 6), a1);
    b2 = v128.xor(rotate(b2, 6), a2);
    b3 = v128.xor(rotate(b3, 6), a3);
    let key = table + KEYS;
    let added = v128.load(key);
    a0 = i32x4.add(a0, added);
    a1 = i32x4.add(a1, added);
    a2 = i32x4.add(a2, added);
    a3 = i32x4.add(a3, added);
    added = v128.load(key, 16);
    b0 = i32x4.add(b0, added);
    b1 = i32x4.add(b1, added);
    b2 = i32x4.add(b2, added);
    b3 = i32x4.add(b3, added);
    do {
      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 17), a0);
      b1 = v128.xor(rotate(b1, 17), a1);
      b2 = v128.xor(rotate(b2, 17), a2);
      b3 = v128.xor(rotate(b3, 17), a3);
      if (kind === 12) break;
      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 29), a0);
      b1 = v128.xor(rotate(b1, 29), a1);
      b2 = v128.xor(rotate(b2, 29), a2);
      b3 = v128.xor(rotate(b3, 29), a3);
      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate16(b0), a0);
      b1 = v128.xor(rotate16(b1), a1);
      b2 = v128.xor(rotate16(b2), a2);
      b3 = v128.xor(rotate16(b3), a3);
      if (kind === 13) break;
      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 24), a0);
      b1 = v128.xor(rotate(b1, 24), a1);
      b2 = v128.xor(rotate(b2, 24), a2);
      b3 = v128.xor(rotate(b3, 24), a3);
      added = v128.load(key, 32);
      a0 = i32x4.add(a0, added);
      a1 = i32x4.add(a1, added);
      a2 = i32x4.add(a2, added);
      a3 = i32x4.add(a3, added);
      added = v128.load(key, 48);
      b0 = i32x4.add(b0, added);
      b1 = i32x4.add(b1, added);
      b2 = i32x4.add(b2, added);
      b3 = i32x4.add(b3, added);
      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 13), a0);
      b1 = v128.xor(rotate(b1, 13), a1);
      b2 = v128.xor(rotate(b2, 13), a2);
      b3 = v128.xor(rotate(b3, 13), a3);
      if (kind === 14) break;
      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 15), a0);
      b1 = v128.xor(rotate(b1, 15), a1);
      b2 = v128.xor(rotate(b2, 15), a2);
      b3 = v128.xor(rotate(b3, 15), a3);
      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 26), a0);
      b1 = v128.xor(rotate(b1, 26), a1);
      b2 = v128.xor(rotate(b2, 26), a2);
      b3 = v128.xor(rotate(b3, 26), a3);
      if (kind === 15) break;
      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 6), a0);
      b1 = v128.xor(rotate(b1, 6), a1);
      b2 = v128.xor(rotate(b2, 6), a2);
      b3 = v128.xor(rotate(b3, 6), a3);
      added = v128.load(key, 64);
      a0 = i32x4.add(a0, added);
      a1 = i32x4.add(a1, added);
      a2 = i32x4.add(a2, added);
      a3 = i32x4.add(a3, added);
      added = v128.load(key, 80);
      b0 = i32x4.add(b0, added);
      b1 = i32x4.add(b1, added);
      b2 = i32x4.add(b2, added);
      b3 = i32x4.add(b3, added);
      key += 64;
    } while (key < table + KEYS + 128);

    if (kind === NORMAL) {
      c0 = scaled(table, a0);
      c1 = scaled(table, a1);
      c2 = scaled(table, a2);
      c3 = scaled(table, a3);
      d0 = parts(table, c0);
      d1 = parts(table, c1);
      d2 = parts(table, c2);
      d3 = parts(table, c3);
      c0 = aboveOne(table, c0, d0);
      c1 = aboveOne(table, c1, d1);
      c2 = aboveOne(table, c2, d2);
      c3 = aboveOne(table, c3, d3);
      d0 = logOfPower(table, d0);
      d1 = logOfPower(table, d1);
      d2 = logOfPower(table, d2);
      d3 = logOfPower(table, d3);
      if (kind === 16) break;
      c0 = artanhOf(table, c0);
      c1 = artanhOf(table, c1);
      c2 = artanhOf(table, c2);
      c3 = artanhOf(table, c3);
      d0 = halfSquare(table, d0, c0);
      d1 = halfSquare(table, d1, c1);
      d2 = halfSquare(table, d2, c2);
      d3 = halfSquare(table, d3, c3);
      if (kind === 17) break;
      a0 = halfRadius(d0, a0);
      a1 = halfRadius(d1, a1);
      a2 = halfRadius(d2, a2);
      a3 = halfRadius(d3, a3);
      c0 = twiceAngle(table, b0);
      c1 = twiceAngle(table, b1);
      c2 = twiceAngle(table, b2);
      c3 = twiceAngle(table, b3);
      d0 = f32x4.mul(c0, c0);
      d1 = f32x4.mul(c1, c1);
      d2 = f32x4.mul(c2, c2);
      d3 = f32x4.mul(c3, c3);
      c0 = twiceSine(table, c0, d0);
      c1 = twiceSine(table, c1, d1);
      c2 = twiceSine(table, c2, d2);
      c3 = twiceSine(table, c3, d3);
      d0 = twiceCosine(table, d0);
      d1 = twiceCosine(table, d1);
      d2 = twiceCosine(table, d2);
      d3 = twiceCosine(table, d3);
      if (kind === 18) break;
      normals(table, x, y, 0, a0, b0, c0, d0);
      normals(table, x, y, 32, a1, b1, c1, d1);
      normals(table, x, y, 64, a2, b2, c2, d2);
      normals(table, x, y, 96, a3, b3, c3, d3);
    } else if (kind === UNIFORM) {
      uniforms(table, x, y, 0, a0, b0);
      uniforms(table, x, y, 32, a1, b1);
      uniforms(table, x, y, 64, a2, b2);
      uniforms(table, x, y, 96, a3, b3);
    } else {
      masks(table, x, y, 0, a0, b0);
      masks(table, x, y, 32, a1, b1);
      masks(table, x, y, 64, a2, b2);
      masks(table, x, y, 96, a3, b3);
    }
    if (x !== 0) x += <usize>GROUP << 2;
    y += <usize>GROUP << 2;
  }

  v128.store(table, a0);
  v128.store(table, b0, 16);
  v128.store(table, c0, 32);
  v128.store(table, d0, 48);
  v128.store(table, a1, 64);
  v128.store(table, b1, 80);
  v128.store(table, c1, 96);
  v128.store(table, d1, 112);
  v128.store(table, a2, 128);
  v128.store(table, b2, 144);
  v128.store(table, c2, 160);
  v128.store(table, d2, 176);
  v128.store(table, a3, 192);
  v128.store(table, b3, 208);
  v128.store(table, c3, 224);
  v128.store(table, d3, 240);
}

@inline function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

/** By 16, a shuffle that x64 does without a mask from memory; by 24 it would not. */
@inline function rotate16(x: v128): v128 {
  return v128.shuffle<i16>(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
}

/** Mirrored at the diagonal by the sign of the second word. */
@inline function normals(
  table: usize,
  x: usize,
  y: usize,
  offset: usize,
  radius: v128,
  second: v128,
  sine: v128,
  cosine: v128,
): void {
  const even = f32x4.mul(radius, cosine);
  const odd = f32x4.mul(radius, sine);
  const swap = v128.and(v128.xor(even, odd), i32x4.shr_s(second, 31));
  add(table, x, y, offset, v128.xor(even, swap), v128.xor(odd, swap));
}

@inline function uniforms(table: usize, x: usize, y: usize, offset: usize, a: v128, b: v128): void {
  add(table, x, y, offset, uniform(table, a), uniform(table, b));
}

/** y = x + amount · noise; of the noise, the even and the odd elements. */
@inline function add(table: usize, x: usize, y: usize, offset: usize, even: v128, odd: v128): void {
  const amount = v128.load(table, AMOUNT);
  const evens = f32x4.mul(even, amount);
  const odds = f32x4.mul(odd, amount);
  let low = v128.shuffle<f32>(evens, odds, 0, 4, 1, 5);
  let high = v128.shuffle<f32>(evens, odds, 2, 6, 3, 7);
  if (x !== 0) {
    low = f32x4.add(v128.load(x + offset), low);
    high = f32x4.add(v128.load(x + offset, 16), high);
  }
  v128.store(y + offset, low);
  v128.store(y + offset, high, 16);
}

/** y = x · mask, which is 1 / (1 − rate) where an element is kept, and 0 where not. */
@inline function masks(table: usize, x: usize, y: usize, offset: usize, a: v128, b: v128): void {
  const kept = v128.load(table, AMOUNT);
  const least = v128.load(table, LEAST);
  const evens = v128.and(f32x4.ge(uniform(table, a), least), kept);
  const odds = v128.and(f32x4.ge(uniform(table, b), least), kept);
  let low = v128.shuffle<f32>(evens, odds, 0, 4, 1, 5);
  let high = v128.shuffle<f32>(evens, odds, 2, 6, 3, 7);
  if (x !== 0) {
    low = f32x4.mul(v128.load(x + offset), low);
    high = f32x4.mul(v128.load(x + offset, 16), high);
  }
  v128.store(y + offset, low);
  v128.store(y + offset, high, 16);
}

/** The upper 24 bits as the middles of equal parts of (−1, 1); exact. */
@inline function uniform(table: usize, word: v128): v128 {
  const k = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_s(word, 8)), v128.load(table, HALF));
  return f32x4.mul(k, v128.load(table, UNIT));
}
