import * as tf from '@tensorflow/tfjs-core';
import type {RemediesOptions, RemediesVariant} from './remediesOptions.js';

/** What a variant starts from, and what it learns with. */
export interface VariantSettings {
  /** Deviation of the normal distribution of the kernels, over zero biases; none for PyTorch's default. */
  readonly stddev?: number;
  readonly optimizer: 'sgd' | 'adam';
  readonly rate: number;
}

const SGD = {stddev: 0.05, optimizer: 'sgd', rate: 1e-2} as const;
const ADAM = {stddev: 0.05, optimizer: 'adam', rate: 1e-3} as const;

/** As the published programs have them; there is none for Adam, which has what the others have. */
export const VARIANT_SETTINGS: Readonly<Record<RemediesVariant, VariantSettings>> = {
  original: {optimizer: 'sgd', rate: 1e-2},
  std1: {...SGD, stddev: 1},
  std10: {...SGD, stddev: 10},
  relu: {...SGD, rate: 1e-3},
  adam: ADAM,
  'batch-norm': ADAM,
  normalization: SGD,
  skip: SGD,
  layerwise: SGD,
  'gradient-normalization': {...SGD, rate: 1e-3},
};

/** What each optimizer learns with where it is not the variant's. */
const RATES = {sgd: SGD.rate, adam: ADAM.rate};

/** PyTorch's; TensorFlow.js has another one. */
const EPSILON = 1e-8;

/** A new optimizer: the variant's, or what the options say. */
export function optimizerOf({
  variant,
  optimizer,
  rate,
}: Pick<RemediesOptions, 'variant' | 'optimizer' | 'rate'>): tf.Optimizer {
  const own = VARIANT_SETTINGS[variant];
  const name = optimizer === 'auto' ? own.optimizer : optimizer;
  const usual = name === own.optimizer ? own.rate : RATES[name];
  const learningRate = rate === 'auto' ? usual : rate;
  return name === 'adam' ? tf.train.adam(learningRate, 0.9, 0.999, EPSILON) : tf.train.sgd(learningRate);
}
