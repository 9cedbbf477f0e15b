/** Rows, columns and channels of images, or the shape of a filter. */
export type Shape4D = [number, number, number, number];

/** Zeros that `outputs` windows need behind the `size` entries that are there. */
export function missingPadding(size: number, outputs: number, window: number, stride: number): number {
  return Math.max(0, (outputs - 1) * stride + window - size);
}
