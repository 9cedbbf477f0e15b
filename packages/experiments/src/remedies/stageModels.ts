import {mixSeeds} from '@gradwire/core';
import {randomNormal, reinitialize} from '@gradwire/init';
import * as tfl from '@tensorflow/tfjs-layers';
import {defaultLinear} from './defaultLinear.js';
import {DEPTH, hiddenLayers, UNITS} from './hiddenLayers.js';
import type {RemediesVariant} from './remediesOptions.js';
import {VARIANT_SETTINGS} from './variantSettings.js';

const CLASSES = 10;

/** How far the network has grown in each stage of layer-wise training, and how much of it is meant to be frozen. */
const GROWTH = [
  {depth: 2, frozen: 0},
  {depth: 4, frozen: 2},
  {depth: 4, frozen: 0},
  {depth: 6, frozen: 4},
  {depth: 6, frozen: 0},
  {depth: 7, frozen: 6},
  {depth: 7, frozen: 0},
] as const;

/** A model with a head of its own, over layers that other stages may share. */
export interface StageModel {
  /** Where there are several stages. */
  readonly name?: string;
  readonly model: tfl.LayersModel;
  /** How many hidden layers the stage is meant to freeze, from the lowest. */
  readonly frozen: number;
}

/** The models of a variant, with the weights that training starts from. */
export function stageModels(variant: RemediesVariant, inputs: number, seed: number): readonly StageModel[] {
  const input = tfl.input({shape: [inputs], name: 'images'});
  const tensors: tfl.SymbolicTensor[] = [];
  for (const layer of hiddenLayers(variant)) {
    tensors.push(layer.apply(tensors.at(-1) ?? input) as tfl.SymbolicTensor);
  }
  const modelUpTo = (tensor: tfl.SymbolicTensor, head: string): tfl.LayersModel => {
    const output = tfl.layers.dense({units: CLASSES, name: head, kernelInitializer: 'zeros'}).apply(tensor);
    return tfl.model({inputs: input, outputs: output as tfl.SymbolicTensor});
  };
  if (variant !== 'layerwise') {
    const model = modelUpTo(tensors.at(-1)!, 'output');
    initialize(model, variant, inputs, seed);
    return [{model, frozen: 0}];
  }
  const stages = GROWTH.map(({depth, frozen}, i) => ({
    name: frozen === 0 ? `layers 1-${depth}` : `layers 1-${depth}, 1-${frozen} frozen`,
    model: modelUpTo(tensors[depth - 1]!, `head${i + 1}`),
    frozen,
  }));
  initialize(stages.at(-1)!.model, variant, inputs, seed);
  // Heads are no part of the published initialization.
  for (const [i, {model}] of stages.entries()) {
    reinitialize(model, defaultLinear(`head${i + 1}`, UNITS), {seed: mixSeeds(seed, i)});
  }
  return stages;
}

function initialize(model: tfl.LayersModel, variant: RemediesVariant, inputs: number, seed: number): void {
  const {stddev} = VARIANT_SETTINGS[variant];
  if (stddev === undefined) {
    const widths = [inputs, ...Array.from({length: DEPTH}, () => UNITS)];
    const rules = widths.map((width, i) => defaultLinear(i === DEPTH ? 'output' : `hidden${i + 1}`, width));
    reinitialize(model, Object.assign({}, ...rules), {seed});
  } else {
    reinitialize(model, {'**/kernel': randomNormal({stddev})}, {seed});
  }
}
