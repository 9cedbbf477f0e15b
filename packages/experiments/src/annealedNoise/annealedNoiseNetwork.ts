import {glorotUniform, reinitialize} from '@gradwire/init';
import * as tfl from '@tensorflow/tfjs-layers';
import type {AnnealedNoiseActivation, AnnealedNoiseOptions} from './annealedNoiseOptions.js';

const CLASSES = 10;
const LEAK = 0.2;
const NAMES = {
  logistic: 'sigmoid',
  tanh: 'tanh',
  relu: 'relu',
  swish: 'swish',
  leaky_relu: 'linear',
} as const;

/** The parts of the options that shape the network. */
export type AnnealedNoiseShape = Pick<
  AnnealedNoiseOptions,
  'neurons' | 'activation' | 'batchNorm' | 'doubleSoftmax'
>;

/**
 * Dense layers with kernels of Glorot's uniform distribution and zero biases; where asked for, one batch normalisation after the
 * activation of the last hidden layer, and a softmax at the end.
 */
export function annealedNoiseNetwork(
  {neurons, activation, batchNorm, doubleSoftmax}: AnnealedNoiseShape,
  inputs: number,
  seed: number,
): tfl.LayersModel {
  const model = tfl.sequential();
  model.add(tfl.layers.inputLayer({inputShape: [inputs], name: 'images'}));
  for (const [i, units] of neurons.entries()) {
    for (const layer of hiddenLayer(`hidden${i + 1}`, units, activation)) model.add(layer);
  }
  if (batchNorm) model.add(tfl.layers.batchNormalization({name: 'norm', momentum: 0.99, epsilon: 1e-3}));
  model.add(dense('output', CLASSES, doubleSoftmax ? 'softmax' : 'linear'));
  reinitialize(model, {'**/kernel': glorotUniform()}, {seed});
  return model;
}

function hiddenLayer(name: string, units: number, activation: AnnealedNoiseActivation): tfl.layers.Layer[] {
  const layer = dense(name, units, NAMES[activation]);
  return activation === 'leaky_relu'
    ? [layer, tfl.layers.leakyReLU({alpha: LEAK, name: `${name}_leaky`})]
    : [layer];
}

function dense(name: string, units: number, activation: DenseActivation): tfl.layers.Layer {
  return tfl.layers.dense({name, units, activation, kernelInitializer: 'zeros'});
}

type DenseActivation = (typeof NAMES)[AnnealedNoiseActivation] | 'softmax';
