import {uniform4} from './uniforms';

/** Turns words into 1 / (1 − rate) where an element is kept, and 0 where not, in place. */
@inline export function dropMasks(at: usize, end: usize, rate: f32): void {
  const least = f32x4.splat(<f32>2 * rate - <f32>1);
  const scale = f32x4.splat(<f32>1 / (<f32>1 - rate));
  for (; at < end; at += 32) {
    const first = v128.and(f32x4.ge(uniform4(v128.load(at)), least), scale);
    const second = v128.and(f32x4.ge(uniform4(v128.load(at, 16)), least), scale);
    v128.store(at, v128.shuffle<f32>(first, second, 0, 4, 1, 5));
    v128.store(at, v128.shuffle<f32>(first, second, 2, 6, 3, 7), 16);
  }
}
