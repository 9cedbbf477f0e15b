/**
 * Blocks of Threefry-2x32-20 for the counters from `counter` on, 16 at a time: one after the other they would wait for their own
 * results. Of four blocks, the four first words lie before the four second ones.
 */
@inline export function words(to: usize, end: usize, k0: i32, k1: i32, counter: i32): void {
  let next = i32x4.add(i32x4.splat(counter + k0), i32x4(0, 1, 2, 3));
  const four = i32x4.splat(4);
  for (; to < end; to += 128) {
    let a0 = next;
    let a1 = i32x4.add(a0, four);
    let a2 = i32x4.add(a1, four);
    let a3 = i32x4.add(a2, four);
    next = i32x4.add(a3, four);
    let b0 = i32x4.splat(k1);
    let b1 = b0;
    let b2 = b0;
    let b3 = b0;
    // Which of the three words of the key comes next.
    let p = k1;
    let q = k0 ^ k1 ^ 0x1bd11bda;
    let r = k0;
    let injections = 0;
    while (true) {
      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 13), a0);
      b1 = v128.xor(rotate(b1, 13), a1);
      b2 = v128.xor(rotate(b2, 13), a2);
      b3 = v128.xor(rotate(b3, 13), a3);

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

      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 6), a0);
      b1 = v128.xor(rotate(b1, 6), a1);
      b2 = v128.xor(rotate(b2, 6), a2);
      b3 = v128.xor(rotate(b3, 6), a3);

      let added = i32x4.splat(p);
      a0 = i32x4.add(a0, added);
      a1 = i32x4.add(a1, added);
      a2 = i32x4.add(a2, added);
      a3 = i32x4.add(a3, added);
      added = i32x4.splat(q + ++injections);
      b0 = i32x4.add(b0, added);
      b1 = i32x4.add(b1, added);
      b2 = i32x4.add(b2, added);
      b3 = i32x4.add(b3, added);
      if (injections === 5) break;

      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 17), a0);
      b1 = v128.xor(rotate(b1, 17), a1);
      b2 = v128.xor(rotate(b2, 17), a2);
      b3 = v128.xor(rotate(b3, 17), a3);

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

      a0 = i32x4.add(a0, b0);
      a1 = i32x4.add(a1, b1);
      a2 = i32x4.add(a2, b2);
      a3 = i32x4.add(a3, b3);
      b0 = v128.xor(rotate(b0, 24), a0);
      b1 = v128.xor(rotate(b1, 24), a1);
      b2 = v128.xor(rotate(b2, 24), a2);
      b3 = v128.xor(rotate(b3, 24), a3);

      added = i32x4.splat(q);
      a0 = i32x4.add(a0, added);
      a1 = i32x4.add(a1, added);
      a2 = i32x4.add(a2, added);
      a3 = i32x4.add(a3, added);
      added = i32x4.splat(r + ++injections);
      b0 = i32x4.add(b0, added);
      b1 = i32x4.add(b1, added);
      b2 = i32x4.add(b2, added);
      b3 = i32x4.add(b3, added);
      // Two injections on, the words of the key have moved by two places.
      const moved = r;
      r = q;
      q = p;
      p = moved;
    }
    v128.store(to, a0);
    v128.store(to, b0, 16);
    v128.store(to, a1, 32);
    v128.store(to, b1, 48);
    v128.store(to, a2, 64);
    v128.store(to, b2, 80);
    v128.store(to, a3, 96);
    v128.store(to, b3, 112);
  }
}

@inline function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

/** By 16, a shuffle that x64 does without a mask from memory; by 24 it would not. */
@inline function rotate16(x: v128): v128 {
  return v128.shuffle<i16>(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
}
