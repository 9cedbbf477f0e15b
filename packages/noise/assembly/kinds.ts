// The kinds of noise: their places in `noiseKinds` of src/noiseKind.ts.
export const NORMAL: i32 = 0;
export const UNIFORM: i32 = 1;
export const DROP: i32 = 2;
