import {rmsprop, sgd} from '@gradwire/optimizers';
import * as tf from '@tensorflow/tfjs-core';

const MOMENTUM = 0.9;

/** The optimizers that the notes name, with their parameters, by learning rate. */
export const optimizers = {
  sgd: (learningRate) => tf.train.sgd(learningRate),
  momentum: (learningRate) => sgd({learningRate, momentum: MOMENTUM}),
  nesterov: (learningRate) => sgd({learningRate, momentum: MOMENTUM, nesterov: true}),
  adagrad: (learningRate) => tf.train.adagrad(learningRate),
  // That of TensorFlow 1.
  rmsprop: (learningRate) =>
    rmsprop({
      learningRate,
      decay: 0.9,
      momentum: MOMENTUM,
      epsilon: 1e-10,
      epsilonInSqrt: true,
      initialScale: 1,
    }),
  adam: (learningRate) => tf.train.adam(learningRate, 0.9, 0.999, 1e-8),
} satisfies Record<string, (learningRate: number) => tf.Optimizer>;
