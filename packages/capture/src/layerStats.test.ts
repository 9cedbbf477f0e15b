import {type CaptureSubjects, every} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {layer} from '../fixtures/layers.js';
import {useCpu} from '../fixtures/useCpu.js';
import {activationStats} from './activationStats.js';
import {backwardStats} from './backwardStats.js';

useCpu();

const when = every(1);

testCapture({factory: activationStats, options: {when}});
testCapture({factory: backwardStats, options: {when}});
const layers = [layer('dense'), layer('dense_1'), layer('inner/out', {isOutput: true})];
const subjects: CaptureSubjects = {parameters: {}, layers, stages: ['raw']};

const context = () =>
  captureContext({
    layers,
    activations: {
      dense: tf.tensor2d([[1, -1]]),
      'dense#2': tf.tensor2d([[2, 2]]),
      dense_1: tf.tensor1d([3, 0], 'int32'),
      'inner/out': tf.tensor1d([4]),
    },
    activationGradients: {dense: tf.tensor2d([[-5, 5]])},
  });

describe('activationStats', () => {
  it('measures what every layer returns, each time that it is called', async () => {
    const {values} = await readMeasurements(activationStats({when}).measure(context()));
    expect(values).toMatchObject({
      dense: {mean: 0, std: 1, meanAbs: 1},
      'dense#2': {mean: 2, std: 0},
      dense_1: {mean: 1.5, zeros: 0.5, max: 3},
      'inner/out': {mean: 4},
    });
  });

  it('takes its own layers from what others have asked for', async () => {
    const {values} = await readMeasurements(activationStats({when, layers: 'dense'}).measure(context()));
    expect(Object.keys(values)).toEqual(['dense', 'dense#2']);
  });
});

describe('backwardStats', () => {
  it('measures the gradients of the loss by what layers return, where one flows', async () => {
    const {values} = await readMeasurements(backwardStats({when, quantiles: [1]}).measure(context()));
    expect(values).toMatchObject({
      dense: {mean: 0, meanAbs: 5, norm: expect.closeTo(Math.sqrt(50), 5), q1: 5},
    });
    expect(Object.keys(values)).toEqual(['dense']);
  });
});

describe.each([
  ['activationStats', activationStats, 'activations'],
  ['backwardStats', backwardStats, 'activationGradients'],
] as const)('%s', (name, factory, asks) => {
  it.each([
    [undefined, ['dense', 'dense_1', 'inner/out']],
    ['dense*', ['dense', 'dense_1']],
    [/out/, ['inner/out']],
    [({isOutput}: {isOutput: boolean}) => !isOutput, ['dense', 'dense_1']],
  ])('with layers %s asks for %j', (selector, expected) => {
    const capture = factory({when, ...(selector === undefined ? {} : {layers: selector})});
    const asked = capture[asks] as (of: (typeof layers)[0]) => boolean;
    expect(layers.filter(asked).map((of) => of.name)).toEqual(expected);
    expect([capture.activations, capture.activationGradients].filter(Boolean)).toHaveLength(1);
  });

  it('refuses a model that is a function', () => {
    expect(() => factory({when}).check!({...subjects, layers: []})).toThrow(
      new Error(`${name}: a model that is a function has no layers to look into.`),
    );
  });

  it('refuses a selector that matches no layer, and lists near names', () => {
    expect(() => factory({when, layers: 'dense_2'}).check!(subjects)).toThrow(
      new RegExp(`^${name}: the selector dense_2 matches no layer\\. Nearest of 3: dense_1, `),
    );
    expect(() => factory({when, layers: 'dense_1'}).check!(subjects)).not.toThrow();
  });

  it('refuses what is no selector', () => {
    expect(() => factory({when, layers: 1 as never})).toThrow(
      `${name}: layers must be a glob, a RegExp or a function, got the number 1.`,
    );
  });
});
