import {describeValue} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {affine, type AffineOptions, FILL_MODES, INTERPOLATIONS} from './affine.js';
import {ImageLayer} from './imageLayer.js';
import {LAYER_OPTIONS, type LayerOptions} from './layerOptions.js';
import {requireChoice} from './requireChoice.js';

/** Options of all layers that move the pixels of images. */
export interface AffineLayerOptions extends LayerOptions {
  /**
   * What stands outside the image: `'reflect'`, its mirror image; `'nearest'`, the pixel at the edge; `'constant'`, `fillValue`.
   * Default `'reflect'`.
   */
  readonly fillMode?: 'reflect' | 'nearest' | 'constant';
  /** What stands outside with `fillMode: 'constant'`. Default 0. */
  readonly fillValue?: number;
  /** How values between pixels are found. Default `'bilinear'`. */
  readonly interpolation?: 'bilinear' | 'nearest';
}

/** Examples of them for `requireOptions`. */
export const AFFINE_LAYER_OPTIONS = {
  fillMode: "'reflect'",
  fillValue: 0,
  interpolation: "'bilinear'",
  ...LAYER_OPTIONS,
} as const;

/** Fills in the defaults, and checks. */
export function affineOptions(
  where: string,
  {fillMode = 'reflect', fillValue = 0, interpolation = 'bilinear'}: AffineLayerOptions,
): AffineOptions {
  requireChoice(where, 'fillMode', fillMode, FILL_MODES);
  requireChoice(where, 'interpolation', interpolation, INTERPOLATIONS);
  if (!Number.isFinite(fillValue)) {
    const got = typeof fillValue === 'number' ? String(fillValue) : describeValue(fillValue);
    throw new RangeError(`${where}: fillValue must be a finite number, got ${got}.`);
  }
  return {fillMode, fillValue, interpolation};
}

/** The entries a₀ … a₅ of a map, see {@link affine}. */
export type AffineMap = readonly [number, number, number, number, number, number];

/** A layer that moves pixels along an affine map of its own for each image. */
export abstract class AffineLayer<Settings extends object> extends ImageLayer<Settings & AffineOptions> {
  /** A random map for one image of this size. */
  protected abstract map(height: number, width: number): AffineMap;

  protected override change(images: tf.Tensor4D): tf.Tensor4D {
    const [count, height, width] = images.shape;
    const maps = Array.from({length: count}, () => this.map(height, width));
    return affine(images, tf.tensor2d(maps.flat(), [count, 6]), this.settings as AffineOptions);
  }
}
