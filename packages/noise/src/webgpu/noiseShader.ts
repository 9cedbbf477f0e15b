import type {NoiseKind} from '../noiseKind.js';

/**
 * The text, in WGSL, of a function that gives the two elements of a block.
 *
 *     fn noise(key : vec2<u32>, block : u32, amount : f32) -> vec2<f32>
 *
 * Threefry as in `threefry.ts`, the rest in the order of `scalarNormals.ts` and `scalarNoise.ts`. The words are exact; WGSL leaves
 * division and square root some units in the last place, and every rounding its direction.
 */
export function noiseShader(kind: NoiseKind): string {
  return `${WORDS}
${noises[kind]}`;
}

const WORDS = `
fn words(key : vec2<u32>, block : u32) -> vec2<u32> {
  let last = key.x ^ key.y ^ 0x1bd11bdau;
  var a = block + key.x;
  var b = key.y;
  ${fourRounds(0, 'key.y', 'last')}
  ${fourRounds(1, 'last', 'key.x')}
  ${fourRounds(2, 'key.x', 'key.y')}
  ${fourRounds(3, 'key.y', 'last')}
  ${fourRounds(4, 'last', 'key.x')}
  return vec2<u32>(a, b);
}`;

/** Written out, so that a driver sees shifts by constants; then come two words of the key, the second one counted on. */
function fourRounds(index: number, first: string, second: string): string {
  const rounds = (index % 2 === 0 ? [13, 15, 26, 6] : [17, 29, 16, 24]).map(
    (bits) => `a += b; b = ((b << ${bits}u) | (b >> ${32 - bits}u)) ^ a;`,
  );
  return `${rounds.join(' ')} a += ${first}; b += ${second} + ${index + 1}u;`;
}

const UNIFORM = `
fn uniformOf(key : vec2<u32>, block : u32) -> vec2<f32> {
  return (vec2<f32>(bitcast<vec2<i32>>(words(key, block)) >> vec2<u32>(8u)) + 0.5) * 1.1920928955078125e-7;
}`;

const noises: Readonly<Record<NoiseKind, string>> = {
  normal: `
fn polynomial(z : f32, c0 : f32, c1 : f32, c2 : f32) -> f32 {
  return c0 + z * (c1 + z * c2);
}

fn noise(key : vec2<u32>, block : u32, amount : f32) -> vec2<f32> {
  let word = words(key, block);
  // u = x / 2^31, or 1 + that where x is negative.
  let x = f32(bitcast<i32>(word.x >> 1u) - 0x257d8667) + 0.5;
  var e = 0.0;
  var n = x * 4.656612873077393e-10;
  if (x > 0.0) {
    let above = bitcast<i32>(x) - 0x4eb504f3;
    e = f32(above >> 23u);
    n = bitcast<f32>((above & 0x7fffff) + 0x3f3504f3) - 1.0;
  }
  let s = n / (n + 2.0);
  let s2 = s * s;
  let halfLog = s + s * s2 * polynomial(s2, 0.33333388, 0.19988768, 0.14935932);
  let radius = sqrt(e * -0.3465736 - halfLog) * (1.0 - 2.0 * f32(word.x & 1u));

  let y = f32(bitcast<i32>((word.y << 1u) | 1u)) * 7.3145906e-10;
  let z = y * y;
  let sine = y + y * z * polynomial(z, -0.041666638, 0.0005207611, -3.049578e-6);
  let cosine = 2.0 + z * polynomial(z, -0.24999948, 0.0052070366, -4.2493197e-5);
  let pair = radius * vec2<f32>(cosine, sine);
  return amount * select(pair, pair.yx, (word.y >> 31u) == 1u);
}`,
  uniform: `${UNIFORM}

fn noise(key : vec2<u32>, block : u32, amount : f32) -> vec2<f32> {
  return amount * uniformOf(key, block);
}`,
  drop: `${UNIFORM}

fn noise(key : vec2<u32>, block : u32, rate : f32) -> vec2<f32> {
  let kept = uniformOf(key, block) >= vec2<f32>(2.0 * rate - 1.0);
  return select(vec2<f32>(0.0), vec2<f32>(1.0 / (1.0 - rate)), kept);
}`,
};
