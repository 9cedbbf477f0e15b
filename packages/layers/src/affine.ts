import * as tf from '@tensorflow/tfjs-core';

/** What stands outside an image. */
export const FILL_MODES = ['reflect', 'nearest', 'constant'] as const;
/** How values between pixels are found. */
export const INTERPOLATIONS = ['bilinear', 'nearest'] as const;

/** How pixels are read where a map leads. */
export interface AffineOptions {
  readonly fillMode: (typeof FILL_MODES)[number];
  readonly fillValue: number;
  readonly interpolation: (typeof INTERPOLATIONS)[number];
}

/**
 * Reads images where affine maps lead, one map for each image.
 *
 *     out[n, y, x] = images[n, a₃ x + a₄ y + a₅, a₀ x + a₁ y + a₂],  (a₀ … a₅) = maps[n]
 *
 * Composed of gathers, since `tf.image.transform` has neither a gradient nor a kernel everywhere.
 *
 * @param images [n, height, width, channels].
 * @param maps [n, 6], in pixels.
 */
export function affine(images: tf.Tensor4D, maps: tf.Tensor2D, options: AffineOptions): tf.Tensor4D {
  const [n, height, width] = images.shape;
  const columns = tf.reshape(tf.range(0, width), [1, 1, width]);
  const rows = tf.reshape(tf.range(0, height), [1, height, 1]);
  const [a0, a1, a2, a3, a4, a5] = tf.split(maps, 6, 1).map((factor) => tf.reshape(factor, [n, 1, 1]));
  const along = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor): tf.Tensor =>
    tf.add(tf.add(tf.mul(a, columns), tf.mul(b, rows)), c);
  const x = folded(along(a0!, a1!, a2!), width, options);
  const y = folded(along(a3!, a4!, a5!), height, options);
  const read = readerOf(images, options);
  if (options.interpolation === 'nearest') return read(tf.floor(tf.add(x, 0.5)), tf.floor(tf.add(y, 0.5)));

  const [left, top] = [tf.floor(x), tf.floor(y)];
  const [right, bottom] = [tf.add(left, 1), tf.add(top, 1)];
  const across = tf.expandDims(tf.sub(x, left), -1);
  const down = tf.expandDims(tf.sub(y, top), -1);
  const upper = between(read(left, top), read(right, top), across);
  const lower = between(read(left, bottom), read(right, bottom), across);
  return between(upper, lower, down) as tf.Tensor4D;
}

function between(a: tf.Tensor, b: tf.Tensor, share: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(a, tf.sub(1, share)), tf.mul(b, share));
}

/** Coordinates brought back into the image, where there is a way to. */
function folded(coordinates: tf.Tensor, size: number, {fillMode}: AffineOptions): tf.Tensor {
  if (fillMode === 'constant') return coordinates;
  if (fillMode === 'nearest') return tf.clipByValue(coordinates, 0, size - 1);
  // The image and its mirror image, edge pixels twice: d c b a | a b c d | d c b a.
  const period = 2 * size;
  const shifted = tf.add(coordinates, 0.5);
  const within = tf.sub(shifted, tf.mul(tf.floor(tf.div(shifted, period)), period));
  return tf.clipByValue(tf.sub(tf.minimum(within, tf.sub(period, within)), 0.5), 0, size - 1);
}

/** Reads the pixels at whole coordinates, each [n, height, width]. */
function readerOf(
  images: tf.Tensor4D,
  {fillMode, fillValue}: AffineOptions,
): (x: tf.Tensor, y: tf.Tensor) => tf.Tensor4D {
  const [n, height, width, channels] = images.shape;
  const pixels = tf.reshape(images, [n * height * width, channels]);
  // In int32: float32 counts to 2^24 only.
  const perImage = tf.scalar(height * width, 'int32');
  const first = tf.reshape(tf.mul(tf.range(0, n, 1, 'int32'), perImage), [n, 1, 1]);
  return (x, y) => {
    const [column, row] = [tf.clipByValue(x, 0, width - 1), tf.clipByValue(y, 0, height - 1)];
    const inImage = tf.cast(tf.add(tf.mul(row, width), column), 'int32');
    const indices = tf.reshape(tf.add(inImage, first), [n * height * width]);
    const values: tf.Tensor4D = tf.reshape(tf.gather(pixels, indices), images.shape);
    if (fillMode !== 'constant') return values;
    const isInside = tf.logicalAnd(tf.equal(column, x), tf.equal(row, y));
    const inside = tf.expandDims(tf.cast(isInside, 'float32'), -1);
    return tf.add(tf.mul(values, inside), tf.mul(fillValue, tf.sub(1, inside))) as tf.Tensor4D;
  };
}
