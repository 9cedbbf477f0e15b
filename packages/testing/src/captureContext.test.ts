import * as tf from '@tensorflow/tfjs';
import {beforeAll, expect, it} from 'vitest';
import {captureContext} from './captureContext.js';

beforeAll(() => tf.setBackend('cpu'));

it('is a step without anything', () => {
  expect(captureContext()).toMatchObject({
    step: 0,
    stages: [{name: 'raw', gradients: {}}],
    rawGradients: {},
    gradients: {},
    weightsBefore: {},
    weightsAfter: {},
    layers: [],
    activations: {},
    activationGradients: {},
  });
});

it('takes one kind of gradients for the other, and weights as well', () => {
  const [a, b] = [{w: tf.scalar(1)}, {w: tf.scalar(2)}];
  expect(captureContext({gradients: a, weightsBefore: b})).toMatchObject({rawGradients: a, weightsAfter: b});
  const both = captureContext({rawGradients: a, gradients: b});
  expect([both.rawGradients, both.gradients, both.stages[0]!.gradients]).toEqual([a, b, a]);
});
