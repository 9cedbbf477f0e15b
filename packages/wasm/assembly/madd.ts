/** Whether this is the build with fused multiply-add; set by the compiler's `--use`. */
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  return isDefined(RELAXED) ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}
