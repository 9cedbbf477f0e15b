/** Images and labels of one part of an image set, as the bytes of its files. */
export interface LabelledImages {
  /** Number of images. */
  readonly count: number;
  /** Pixels from 0 to 255, image by image, row by row: `count · rows · columns` of them. */
  readonly images: Uint8Array;
  /** One class index per image. */
  readonly labels: Uint8Array;
}

/** An image set in the layout of MNIST. */
export interface ImageSet {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}
