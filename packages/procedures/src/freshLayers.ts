import {describeValue} from '@gradwire/core';
import type * as tfl from '@tensorflow/tfjs-layers';

type Layer = tfl.layers.Layer;

/** Layers that a function of the user's makes for one stage: one, or several from the lowest on. */
export type LayerMaker<Args extends readonly unknown[] = []> = (...args: Args) => Layer | readonly Layer[];

/** Rejects an option that is no function. */
export function requireLayerMaker(where: string, option: string, make: unknown): void {
  if (typeof make === 'function') return;
  throw new TypeError(
    `${where}: ${option} must be a function that makes layers, e.g. () => tf.layers.dense({units: 10}), got ${describeValue(make)}.`,
  );
}

/** What it made, as a list; a layer that has been used before would bring along what it has learned. */
export function freshLayers(where: string, option: string, made: Layer | readonly Layer[]): Layer[] {
  const layers = [made].flat() as Layer[];
  for (const layer of layers) {
    if (typeof layer?.apply !== 'function') {
      throw new TypeError(`${where}: ${option} must return layers, got ${describeValue(layer)}.`);
    }
    if (layer.built)
      throw new Error(`${where}: ${option} must make new layers; '${layer.name}' is in use already.`);
  }
  return layers;
}
