import * as tfl from '@tensorflow/tfjs-layers';
import {isInput} from './graph.js';

type Tensor = tfl.SymbolicTensor;
type Layer = tfl.layers.Layer;

/** The upper part of a model, applied once more. */
export interface UpperPart {
  /** What stands for the cut. */
  readonly input: Tensor;
  readonly outputs: readonly Tensor[];
  /** Takes the layers out of this part again; those of the model stay in it. */
  dispose(): void;
}

/**
 * Applies the layers above a tensor once more: the same layers, hence the same weights.
 *
 * @param input what they are applied to; default: a new input of the cut's shape.
 * @throws Error if an output is reached without passing through `cut`.
 */
export function rebuildAbove(
  where: string,
  outputs: readonly Tensor[],
  cut: Tensor,
  input: Tensor = inputLike(cut),
): UpperPart {
  const known = new Map([[cut.id, input]]);
  /** What a call of a layer gives, by the call: several tensors may come from one. */
  const calls = new Map<string, readonly Tensor[]>();
  const applied: Layer[] = [];
  // tfjs counts how often a layer has been applied: to dispose once is to take back one application.
  const dispose = (): void => {
    for (const layer of applied.splice(0).toReversed()) layer.dispose();
  };
  const rebuild = (tensor: Tensor): Tensor => {
    const ready = known.get(tensor.id);
    if (ready !== undefined) return ready;
    if (isInput(tensor)) {
      throw new Error(
        `${where}: the upper layers get '${tensor.sourceLayer.name}' past '${cut.sourceLayer.name}'; all paths must pass through it.`,
      );
    }
    const {sourceLayer, nodeIndex, inputs, callArgs, outputTensorIndex = 0} = tensor;
    const call = `${sourceLayer.id}:${nodeIndex}`;
    let given = calls.get(call);
    if (given === undefined) {
      const feeding = inputs.map(rebuild);
      given = [sourceLayer.apply(feeding.length === 1 ? feeding[0]! : feeding, callArgs)].flat() as Tensor[];
      applied.push(sourceLayer);
      calls.set(call, given);
    }
    return given[outputTensorIndex]!;
  };
  try {
    return {input, outputs: outputs.map(rebuild), dispose};
  } catch (error) {
    dispose();
    throw error;
  }
}

/** An input of the shape and type of a tensor. */
export function inputLike({shape, dtype}: Tensor): Tensor {
  return tfl.input({batchShape: shape, dtype});
}
