import {type CaptureSubjects, every, type LayerSpec} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {layer} from '../fixtures/layers.js';
import {useCpu} from '../fixtures/useCpu.js';
import {unitActivity, type UnitActivityOptions} from './unitActivity.js';

useCpu();

const when = every(1);

testCapture({factory: unitActivity, options: {when}});

/** Arrays of one layer `a`, rounded. */
async function measured(
  spec: Partial<LayerSpec>,
  tensor: tf.Tensor,
  options: Partial<UnitActivityOptions> = {},
): Promise<Readonly<Record<string, number[]>> | undefined> {
  const ctx = captureContext({layers: [layer('a', spec)], activations: {a: tensor}});
  const {arrays} = await readMeasurements(unitActivity({when, ...options}).measure(ctx));
  const quantities = Object.entries(arrays['a'] ?? {});
  return (
    arrays['a'] &&
    Object.fromEntries(quantities.map(([key, values]) => [key, [...values].map((v) => +v.toFixed(6))]))
  );
}

describe('unitActivity', () => {
  it.each<Partial<LayerSpec>>([
    {activation: 'relu'},
    {kind: 'Activation', activation: 'relu6'},
    {kind: 'ReLU'},
    {kind: 'ThresholdedReLU'},
  ])('of %j is the share of entries of each unit that are not 0', async (spec) => {
    const active = await measured(
      spec,
      tf.tensor2d([
        [0, 1, 0],
        [0, 2, 3],
        [0, 3, 0],
        [0, 1e-30, -0],
      ]),
    );
    expect(active).toEqual({active: [0, 1, 0.25]});
  });

  it.each<[string, number[], number]>([
    ['sigmoid', [0, 0.02, 0.03, 0.5, 0.97, 0.98, 1, 0.9], 0.5],
    ['hardSigmoid', [0, 0.5, 1, 0.5], 0.5],
    ['tanh', [-1, -0.96, -0.94, 0, 0.94, 0.96, 1, 0.5], 0.5],
    ['softsign', [-0.96, 0, 0, 0], 0.25],
  ])('of %s is the share of entries that are near a bound', async (activation, values, saturated) => {
    expect(await measured({activation}, tf.tensor2d(values, [values.length, 1]))).toEqual({
      saturated: [saturated],
    });
  });

  it('counts over all axes but the last', async () => {
    const tensor = tf.tensor4d([1, 0, 1, 0, 1, 1, 0, 0], [1, 2, 2, 2]);
    expect(await measured({kind: 'Conv2D', activation: 'relu'}, tensor)).toEqual({active: [0.75, 0.25]});
    expect(await measured({activation: 'relu'}, tf.tensor1d([1, 0, 0, 0]))).toEqual({active: [0.25]});
  });

  it.each([undefined, 'linear', 'softmax', 'elu', 'selu', 'softplus'])(
    'leaves out %s',
    async (activation) => {
      const spec = activation === undefined ? {} : {activation};
      expect(await measured(spec, tf.ones([2, 2]))).toBeUndefined();
    },
  );

  it('leaves out outputs, unless they are selected', async () => {
    const spec = {activation: 'sigmoid', isOutput: true};
    expect(await measured(spec, tf.ones([2, 1]))).toBeUndefined();
    expect(await measured(spec, tf.ones([2, 1]), {layers: 'a'})).toEqual({saturated: [1]});
  });

  it('measures each call of its own layers', async () => {
    const ctx = captureContext({
      layers: [layer('a', {activation: 'relu'}), layer('b', {activation: 'relu'})],
      activations: {a: tf.ones([1, 1]), 'a#2': tf.zeros([1, 1]), b: tf.ones([1, 1])},
    });
    const {arrays} = await readMeasurements(unitActivity({when, layers: 'a'}).measure(ctx));
    expect(arrays).toEqual({a: {active: Float32Array.of(1)}, 'a#2': {active: Float32Array.of(0)}});
  });
});

describe('before a run, unitActivity', () => {
  const layers = [
    layer('hidden', {activation: 'relu'}),
    layer('linear', {activation: 'linear'}),
    layer('pool', {kind: 'MaxPooling2D'}),
    layer('out', {activation: 'sigmoid', isOutput: true}),
  ];
  const subjects: CaptureSubjects = {parameters: {}, layers, stages: ['raw']};
  const check =
    (options: Partial<UnitActivityOptions>, of = subjects) =>
    () =>
      unitActivity({when, ...options}).check!(of);

  it('asks for the layers that it can judge', () => {
    const asked = (options: Partial<UnitActivityOptions>) =>
      layers
        .filter(unitActivity({when, ...options}).activations as (of: LayerSpec) => boolean)
        .map(({name}) => name);
    expect([asked({}), asked({layers: '**'})]).toEqual([['hidden'], ['hidden', 'out']]);
  });

  it('accepts a model where it finds nothing by itself', () => {
    expect(check({}, {...subjects, layers: [layers[1]!]})).not.toThrow();
  });

  it('refuses a model that is a function', () => {
    expect(check({}, {...subjects, layers: []})).toThrow(
      'unitActivity: a model that is a function has no layers to look into.',
    );
  });

  it('refuses a selector that matches nothing', () => {
    expect(check({layers: 'hiden'})).toThrow(
      /^unitActivity: the selector hiden matches no layer\. Nearest of 4: hidden/,
    );
  });

  it('refuses a selector that matches no layer that it can judge', () => {
    expect(check({layers: /linear|pool/})).toThrow(
      'unitActivity: layers must select some with relu, relu6, sigmoid, hardSigmoid, tanh or softsign, got linear (linear), pool (MaxPooling2D).',
    );
  });
});
