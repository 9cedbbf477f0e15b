import {
  ResizeBilinearGrad,
  type ResizeBilinearGradAttrs,
  ResizeNearestNeighborGrad,
} from '@tensorflow/tfjs-core';
import {composed} from '../composed.js';
import type {Shape4D} from './convolution.js';

/** An output pixel along one axis: it is (1 − fraction) · image[low] + fraction · image[high]. */
interface Source {
  readonly low: number;
  readonly high: number;
  readonly fraction: number;
}

interface ResizeAttrs extends Pick<ResizeBilinearGradAttrs, 'alignCorners'> {
  /** The types of tfjs leave it out. */
  readonly halfPixelCenters: boolean;
}

type Place = (from: number, to: number, attrs: ResizeAttrs) => Source[];

const scaleOf = (from: number, to: number, alignCorners: boolean) =>
  alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;

const between: Place = (from, to, {alignCorners, halfPixelCenters}) =>
  Array.from({length: to}, (_, i) => {
    const scale = scaleOf(from, to, alignCorners);
    const at = Math.max(0, halfPixelCenters ? (i + 0.5) * scale - 0.5 : i * scale);
    const low = Math.min(from - 1, Math.floor(at));
    return {low, high: Math.min(from - 1, low + 1), fraction: at - Math.floor(at)};
  });

const nearest: Place = (from, to, {alignCorners, halfPixelCenters}) =>
  Array.from({length: to}, (_, i) => {
    const at = (i + (halfPixelCenters ? 0.5 : 0)) * scaleOf(from, to, alignCorners);
    const low = Math.min(from - 1, alignCorners ? Math.round(at) : Math.floor(at));
    return {low, high: low, fraction: 0};
  });

/**
 * Gradients of resizing: each value of `dy` goes to the pixels that it came from, by the weights of the forward pass.
 *
 * `images` [N, H, W, C] and `dy` [N, h, w, C] give [N, H, W, C]. Replaces kernels that take no notice of `halfPixelCenters`.
 */
const gradientOf = (kernelName: string, place: Place) =>
  composed<'images' | 'dy', ResizeAttrs>(kernelName, ({inputs: {images, dy}, attrs, backend}) => {
    const [batch, height, width, channels] = images.shape as Shape4D;
    const [, outHeight, outWidth] = dy.shape as Shape4D;
    const rows = place(height, outHeight, attrs);
    const columns = place(width, outWidth, attrs);
    const dx = backend.makeOutput(images.shape, 'float32');
    const outer = backend.typedArrayFromHeap(dy);
    const inner = backend.typedArrayFromHeap(dx).fill(0);
    let from = 0;
    for (let n = 0; n < batch; n++) {
      for (const row of rows) {
        for (const column of columns) {
          give(n, row.low, column.low, (1 - row.fraction) * (1 - column.fraction));
          give(n, row.low, column.high, (1 - row.fraction) * column.fraction);
          give(n, row.high, column.low, row.fraction * (1 - column.fraction));
          give(n, row.high, column.high, row.fraction * column.fraction);
          from += channels;
        }
      }
    }
    return dx;

    function give(n: number, y: number, x: number, weight: number): void {
      if (weight === 0) return;
      const to = ((n * height + y) * width + x) * channels;
      for (let c = 0; c < channels; c++) inner[to + c]! += weight * outer[from + c]!;
    }
  });

export const resizeBilinearGrad = gradientOf(ResizeBilinearGrad, between);
export const resizeNearestNeighborGrad = gradientOf(ResizeNearestNeighborGrad, nearest);
