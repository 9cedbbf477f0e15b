import {
  type CaptureSubjects,
  compileLayerSelector,
  type LayerSelector,
  type LayerSpec,
  type NamedTensors,
  requireSelection,
  requireSelector,
} from '@gradwire/core';

/** Which layers a capture looks at. */
export interface LayerSelection {
  /** What the capture asks the trainer for. */
  readonly layers: (layer: LayerSpec) => boolean;
  /** Those of `tensors` that belong to these layers, also from their second outputs and calls (`lstm:1`, `dense#2`). */
  pick(tensors: NamedTensors, layers: readonly LayerSpec[]): NamedTensors;
  /** Throws where there are none. */
  check(subjects: CaptureSubjects): void;
}

/**
 * The layers that a capture has been told to look at; without a selector all.
 *
 * @param where name of the function whose option `layers` this is.
 * @throws TypeError if it is no selector.
 */
export function selectLayers(where: string, selector: LayerSelector | undefined): LayerSelection {
  if (selector !== undefined) requireSelector(where, 'layers', selector);
  const select = compileLayerSelector(selector ?? (() => true));
  return {
    layers: (layer) => select([layer]).size > 0,
    pick(tensors, layers) {
      const names = select(layers);
      return Object.fromEntries(Object.entries(tensors).filter(([key]) => names.has(layerOf(key))));
    },
    check({layers}) {
      if (layers.length === 0) {
        throw new Error(`${where}: a model that is a function has no layers to look into.`);
      }
      const names = layers.map(({name}) => name);
      requireSelection(where, 'layer', selector ?? '**', select(layers), names);
    },
  };
}

/** The layer that a key of `CaptureContext.activations` belongs to. */
export function layerOf(key: string): string {
  return key.replace(/(:\d+)?(#\d+)?$/, '');
}
