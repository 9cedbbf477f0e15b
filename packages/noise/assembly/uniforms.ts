/** Turns words into numbers uniform in (−1, 1) times `amount`, in place. */
@inline export function uniforms(at: usize, end: usize, amount: f32): void {
  const amounts = f32x4.splat(amount);
  for (; at < end; at += 32) {
    const first = f32x4.mul(uniform4(v128.load(at)), amounts);
    const second = f32x4.mul(uniform4(v128.load(at, 16)), amounts);
    v128.store(at, v128.shuffle<f32>(first, second, 0, 4, 1, 5));
    v128.store(at, v128.shuffle<f32>(first, second, 2, 6, 3, 7), 16);
  }
}

/** The upper 24 bits as the middles of equal parts; exact. */
@inline export function uniform4(word: v128): v128 {
  const k = f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_s(word, 8)), f32x4.splat(0.5));
  return f32x4.mul(k, f32x4.splat(1.1920928955078125e-7));
}
