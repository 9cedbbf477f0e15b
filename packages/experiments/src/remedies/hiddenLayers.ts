import {gradientNormalization, residual, standardize} from '@gradwire/layers';
import * as tfl from '@tensorflow/tfjs-layers';
import type {RemediesVariant} from './remediesOptions.js';

/** Hidden layers of the network. */
export const DEPTH = 7;
/** Units of each. */
export const UNITS = 128;

/** The seven hidden layers as the variant has them, with what stands before and after their activations. */
export function hiddenLayers(variant: RemediesVariant): tfl.layers.Layer[] {
  if (variant === 'skip') return skipping();
  return Array.from({length: DEPTH}, (_, i) => hiddenLayer(variant, i + 1)).flat();
}

function hiddenLayer(variant: RemediesVariant, i: number): tfl.layers.Layer[] {
  switch (variant) {
    case 'relu':
      return [hidden(i, 'relu')];
    case 'batch-norm':
      return [hidden(i, 'linear'), batchNorm(`norm${i}`), sigmoid(i)];
    case 'normalization':
      return [hidden(i, 'linear'), standardize({name: `norm${i}`}), sigmoid(i)];
    case 'gradient-normalization':
      return [hidden(i, 'sigmoid'), gradientNormalization({name: `gradients${i}`})];
    default:
      return [hidden(i, 'sigmoid')];
  }
}

/** The output of the first layer is added to that of the third, and the output of the fourth to that of the seventh. */
function skipping(): tfl.layers.Layer[] {
  const layers = (...places: number[]): tfl.layers.Layer[] => places.map((i) => hidden(i, 'sigmoid'));
  return [
    hidden(1, 'sigmoid'),
    residual(layers(2, 3), {name: 'skip1'}),
    hidden(4, 'sigmoid'),
    residual(layers(5, 6, 7), {name: 'skip2'}),
  ];
}

function hidden(i: number, activation: 'sigmoid' | 'relu' | 'linear'): tfl.layers.Layer {
  return tfl.layers.dense({units: UNITS, name: `hidden${i}`, activation, kernelInitializer: 'zeros'});
}

/**
 * PyTorch's momentum of 0.1 is the share of the new value, Keras' 0.9 that of the old one. The variance that is kept for prediction
 * is that of the batch; PyTorch's is larger by a factor of n / (n − 1).
 */
function batchNorm(name: string): tfl.layers.Layer {
  return tfl.layers.batchNormalization({name, momentum: 0.9, epsilon: 1e-5});
}

function sigmoid(i: number): tfl.layers.Layer {
  return tfl.layers.activation({name: `sigmoid${i}`, activation: 'sigmoid'});
}
