import type * as tfl from '@tensorflow/tfjs-layers';

type Layer = tfl.layers.Layer;
type Tensor = tfl.SymbolicTensor;

/** Layers on top of a tensor. */
export interface Stack {
  readonly output: Tensor;
  /** Takes the layers out again; those that are in no other model are freed. */
  dispose(): void;
}

/** Applies layers one after the other; when one of them does not fit, the others are taken out again. */
export function stackOn(base: Tensor, layers: readonly Layer[]): Stack {
  const applied: Layer[] = [];
  // tfjs counts how often a layer has been applied; `dispose` counts down and frees its weights at 0.
  const dispose = (): void => {
    for (const layer of applied.splice(0).toReversed()) layer.dispose();
  };
  try {
    let output = base;
    for (const layer of layers) {
      output = applyWhole(layer, output);
      applied.push(layer);
    }
    return {output, dispose};
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Applies a layer; one that does not fit keeps no weights, though it may have made them already. */
function applyWhole(layer: Layer, input: Tensor): Tensor {
  const isNew = !layer.built;
  try {
    return layer.apply(input) as Tensor;
  } catch (error) {
    if (isNew) for (const weight of layer.weights) weight.dispose();
    throw error;
  }
}
