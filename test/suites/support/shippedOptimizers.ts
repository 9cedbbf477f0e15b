import type {GradientOptimizer} from '@gradwire/core';
import * as optimizers from '@gradwire/optimizers';

const {adafactor, adamW, amsgrad, lamb, lion, nadam, radam, rmsprop, sgd} = optimizers;
const groups = [{select: '**/bias', weightDecay: 0, learningRate: 0.005}];

/** Every optimizer of `@gradwire/optimizers`, with rates at which a small network learns. */
export const shippedOptimizers: readonly (readonly [name: string, make: () => GradientOptimizer])[] = [
  ['sgd', () => sgd({learningRate: 0.05})],
  ['sgd with momentum', () => sgd({learningRate: 0.02, momentum: 0.9, dampening: 0.1, weightDecay: 1e-3})],
  ['sgd with Nesterov', () => sgd({learningRate: 0.02, momentum: 0.9, nesterov: true})],
  ['adamW', () => adamW({learningRate: 0.01})],
  ['adamW with groups', () => adamW({learningRate: 0.01, weightDecay: 0.1, groups})],
  ['nadam', () => nadam({learningRate: 0.01})],
  ['radam', () => radam({learningRate: 0.01})],
  ['amsgrad', () => amsgrad({learningRate: 0.01, weightDecay: 1e-3})],
  ['lion', () => lion({learningRate: 0.005, weightDecay: 0.1})],
  ['lamb', () => lamb({learningRate: 0.02})],
  ['adafactor', () => adafactor()],
  ['adafactor with a mean', () => adafactor({learningRate: 0.02, beta1: 0.9, relativeStep: true})],
  ['rmsprop', () => rmsprop({learningRate: 0.005})],
  [
    'rmsprop as in TensorFlow 1',
    () =>
      rmsprop({
        learningRate: 0.002,
        decay: 0.9,
        momentum: 0.9,
        epsilon: 1e-10,
        epsilonInSqrt: true,
        initialScale: 1,
      }),
  ],
  ['centered rmsprop', () => rmsprop({learningRate: 0.005, decay: 0.9, epsilon: 1e-3, centered: true})],
];
