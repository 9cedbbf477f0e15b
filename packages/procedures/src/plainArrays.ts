/** Weights without a framework: by name, values row by row (the last axis varies fastest). */
export type PlainArrays = Readonly<Record<string, PlainArray>>;

/** One of {@link PlainArrays}. */
export interface PlainArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** What the readers of files return: {@link PlainArrays} of float32. */
export type FloatArrays = Readonly<
  Record<string, {readonly shape: readonly number[]; readonly data: Float32Array}>
>;

/** How many values an array of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
