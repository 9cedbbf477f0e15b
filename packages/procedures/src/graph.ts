import {requireSelection} from '@gradwire/core';
import type * as tfl from '@tensorflow/tfjs-layers';

type Tensor = tfl.SymbolicTensor;

/** Whether a tensor is an input of the model, which no layer computes. */
export function isInput(tensor: Tensor): boolean {
  return tensor.sourceLayer.getClassName() === 'InputLayer';
}

/** All tensors that `tensors` are computed from, and these, inputs first. */
export function ancestorsOf(tensors: readonly Tensor[]): Tensor[] {
  const found = new Map<number, Tensor>();
  const visit = (tensor: Tensor): void => {
    if (found.has(tensor.id)) return;
    for (const input of tensor.inputs) visit(input);
    found.set(tensor.id, tensor);
  };
  for (const tensor of tensors) visit(tensor);
  return [...found.values()];
}

/**
 * What a layer of the model returns.
 *
 * @throws Error if there is no layer of this name, with the names that are spelt most like it, or if it returns more than one.
 */
export function outputOf(where: string, model: tfl.LayersModel, name: string): Tensor {
  const computed = ancestorsOf(model.outputs).filter((tensor) => !isInput(tensor));
  const found = computed.filter(({sourceLayer}) => sourceLayer.name === name);
  const names = [...new Set(computed.map(({sourceLayer}) => sourceLayer.name))];
  requireSelection(where, 'layer', name, new Set(found.map(({sourceLayer}) => sourceLayer.name)), names);
  if (found.length === 1) return found[0]!;
  throw new Error(
    `${where}: layer '${name}' gives ${found.length} tensors in this model; name one that gives a single one.`,
  );
}

/** The one output of a model. */
export function onlyOutputOf(where: string, model: tfl.LayersModel): Tensor {
  const [output, ...others] = model.outputs;
  if (output !== undefined && others.length === 0) return output;
  throw new Error(`${where}: model must have one output, this one has ${model.outputs.length}.`);
}
