import {parseIdx} from './parseIdx.js';

/** Images and labels of one part of an image set, as the bytes of its files. */
export interface LabelledImages {
  /** Number of images. */
  readonly count: number;
  /** Pixels from 0 to 255, image by image, row by row: `count · rows · columns` of them. */
  readonly images: Uint8Array;
  /** One class index per image. */
  readonly labels: Uint8Array;
}

/** A file's bytes, and what an error calls it. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Puts a file of images and the file of their labels together. */
export function labelledImages(
  images: NamedBytes,
  labels: NamedBytes,
  classes: number,
): {readonly rows: number; readonly columns: number; readonly part: LabelledImages} {
  const pixels = parseIdx(images.name, images.bytes);
  const [count = 0, rows = 0, columns = 0] = pixels.shape;
  if (pixels.shape.length !== 3 || pixels.data.length === 0) {
    throw new Error(
      `${images.name}: images have the shape [count, rows, columns], got [${pixels.shape.join(', ')}].`,
    );
  }
  const indices = parseIdx(labels.name, labels.bytes);
  if (indices.shape.length !== 1 || indices.data.length !== count) {
    throw new Error(
      `${labels.name}: the labels of ${count} images have the shape [${count}], got [${indices.shape.join(', ')}].`,
    );
  }
  const wrong = indices.data.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    throw new Error(
      `${labels.name}: a label must be less than ${classes}, the number of classes; the one at ${wrong} is ${indices.data[wrong]}.`,
    );
  }
  return {rows, columns, part: {count, images: pixels.data, labels: indices.data}};
}
