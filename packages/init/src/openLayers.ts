import type * as tfl from '@tensorflow/tfjs-layers';

/** A layer of tfjs. */
export type Layer = tfl.layers.Layer;

/** A layer that has others inside: a model, or a residual layer, known by its `block` (a model or a list of layers). */
interface Holder {
  readonly layers?: readonly Layer[];
  readonly block?: {readonly layers: readonly Layer[]} | readonly Layer[];
}

/** The layers of a nested model; undefined for other layers. */
export function layersOfModel(layer: Layer): readonly Layer[] | undefined {
  return (layer as Holder).layers;
}

/** The layers of a residual layer's block; undefined for other layers. */
export function layersOfBlock(layer: Layer): readonly Layer[] | undefined {
  const {block} = layer as Holder;
  return block !== undefined && 'layers' in block ? block.layers : block;
}

/**
 * Layers by what they are called: of a model, of the models nested in it (`inner/dense`), and of residual blocks. Nested models themselves
 * and input layers, which compute nothing, are left out.
 */
export function openLayers(
  layers: readonly Layer[],
  prefix = '',
  opened = new Map<Layer, string>(),
): Map<Layer, string> {
  for (const layer of layers) {
    if (layer.getClassName() === 'InputLayer') continue;
    const name = `${prefix}${layer.name}`;
    openLayers(layersOfModel(layer) ?? layersOfBlock(layer) ?? [], `${name}/`, opened);
    if (layersOfModel(layer) === undefined && !opened.has(layer)) opened.set(layer, name);
  }
  return opened;
}
