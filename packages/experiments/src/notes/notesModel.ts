import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  leCunNormal,
  leCunUniform,
  type LayerInitializer,
  randomNormal,
  reinitialize,
} from '@gradwire/init';
import {randomizedLeakyReLU} from '@gradwire/layers';
import * as tfl from '@tensorflow/tfjs-layers';

const HIDDEN = [300, 100];
const DROPOUT = 0.5;

/** Of the hidden layers; each as a layer of its own, since batch normalisation comes before it. */
export const activations = {
  leaky_relu: (name) => tfl.layers.leakyReLU({name, alpha: 0.01}),
  relu: (name) => tfl.layers.reLU({name}),
  elu: (name) => tfl.layers.elu({name, alpha: 1}),
  rrelu: (name) => randomizedLeakyReLU({name}),
  prelu: (name) => tfl.layers.prelu({name, alphaInitializer: tfl.initializers.constant({value: 0.25})}),
  logistic: (name) => tfl.layers.activation({name, activation: 'sigmoid'}),
} satisfies Record<string, (name: string) => tfl.layers.Layer>;

/** Of all kernels. */
export const inits = {
  xavier_uniform: glorotUniform,
  xavier_normal: glorotNormal,
  he_uniform: heUniform,
  he_normal: heNormal,
  lecun_uniform: leCunUniform,
  lecun_normal: leCunNormal,
  normal: () => randomNormal({stddev: 1}),
} satisfies Record<string, () => LayerInitializer>;

/** What of the network can be chosen. */
export interface NotesModelOptions {
  readonly activation: keyof typeof activations;
  readonly init: keyof typeof inits;
  /** Between each hidden layer and its activation. */
  readonly batchNorm: boolean;
  /** Of half of the inputs and of half of the units of each hidden layer. */
  readonly dropout: boolean;
}

/**
 * 784-300-100-10, softmax at the end. Biases are 0.
 *
 * @param pixels of an image.
 * @param seed of the kernels, each of which has a stream of its own.
 */
export function notesModel(
  {activation, init, batchNorm, dropout}: NotesModelOptions,
  pixels: number,
  seed: number,
): tfl.LayersModel {
  const dropFrom = (name: string): tfl.layers.Layer[] =>
    dropout ? [tfl.layers.dropout({name: `${name}_dropout`, rate: DROPOUT})] : [];
  const hidden = (units: number, name: string): tfl.layers.Layer[] => [
    tfl.layers.dense({name, units}),
    ...(batchNorm ? [tfl.layers.batchNormalization({name: `${name}_norm`})] : []),
    activations[activation](`${name}_activation`),
    ...dropFrom(name),
  ];
  const inputs = tfl.input({shape: [pixels]});
  const layers = [
    ...dropFrom('inputs'),
    ...HIDDEN.flatMap((units, i) => hidden(units, `hidden${i + 1}`)),
    tfl.layers.dense({name: 'output', units: 10, activation: 'softmax'}),
  ];
  const outputs = layers.reduce((signal, layer) => layer.apply(signal) as tfl.SymbolicTensor, inputs);
  const model = tfl.model({inputs, outputs});
  reinitialize(model, {'**/kernel': inits[init]()}, {seed});
  return model;
}
