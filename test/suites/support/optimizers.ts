import * as tf from '@tensorflow/tfjs';

/** Every optimizer of `tf.train`. */
export const optimizers: readonly (readonly [name: string, make: () => tf.Optimizer])[] = [
  ['sgd', () => tf.train.sgd(0.05)],
  ['momentum', () => tf.train.momentum(0.05, 0.9)],
  ['nesterov', () => tf.train.momentum(0.05, 0.9, true)],
  ['adagrad', () => tf.train.adagrad(0.05)],
  ['adadelta', () => tf.train.adadelta(0.5, 0.9)],
  ['adam', () => tf.train.adam(0.01)],
  ['adamax', () => tf.train.adamax(0.01)],
  ['rmsprop', () => tf.train.rmsprop(0.01, 0.9, 0.5)],
];
