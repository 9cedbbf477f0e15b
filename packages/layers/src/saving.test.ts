import * as tf from '@tensorflow/tfjs';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {reloaded} from '../fixtures/reloaded.js';
import {useCpu} from '../fixtures/useCpu.js';
import {wave} from '../fixtures/wave.js';
import * as layers from './index.js';

useCpu();

type Make = (options: {readonly name?: string; readonly inputShape?: readonly number[]}) => tf.layers.Layer;

const kernelRegularizer = () => layers.maxNormRegularizer({maxNorm: 0.1, strength: 2, axis: [0]});

/** Layers for images of 4 by 4 and 2 channels; none has the options that it would have by itself. */
const makers: Readonly<Record<string, Make>> = {
  gelu: (given) => layers.gelu({approximate: true, ...given}),
  gradientNormalization: (given) => layers.gradientNormalization({epsilon: 0.5, ...given}),
  hardSwish: (given) => layers.hardSwish(given),
  maxNormRegularizer: (given) =>
    tf.layers.dense({units: 2, kernelRegularizer: kernelRegularizer(), ...(given as object)}),
  mish: (given) => layers.mish(given),
  randomContrast: (given) => layers.randomContrast({factor: [-0.5, 0.2], ...given}),
  randomFlip: (given) => layers.randomFlip({mode: 'vertical', ...given}),
  randomizedLeakyReLU: (given) => layers.randomizedLeakyReLU({lower: 0.3, upper: 0.4, ...given}),
  randomRotation: (given) =>
    layers.randomRotation({factor: 0.1, fillMode: 'constant', fillValue: 2, ...given}),
  randomTranslation: (given) => layers.randomTranslation({heightFactor: 0.1, widthFactor: [0, 1], ...given}),
  randomZoom: (given) => layers.randomZoom({heightFactor: 0.1, interpolation: 'nearest', ...given}),
  residual: (given) =>
    layers.residual([tf.layers.dense({units: 3, activation: 'tanh'}), layers.mish()], given),
  softplus: (given) => layers.softplus({beta: 3, threshold: 4, ...given}),
  squareplus: (given) => layers.squareplus({b: 0.5, ...given}),
  standardize: (given) => layers.standardize(given),
  swish: (given) => layers.swish({beta: 2, trainableBeta: true, ...given}),
  unitDropout: (given) => layers.unitDropout({rate: 0.25, ...given}),
};
const all = Object.entries(makers);
const notLayers = ['registerLayers', 'withGaussianNoise'];

it('every layer is tested here', () => {
  expect([...Object.keys(makers), ...notLayers].toSorted()).toEqual(Object.keys(layers).toSorted());
});

describe.each(all)('%s', (_name, make) => {
  const inputShape = [4, 4, 2];

  async function expectSame(model: tf.LayersModel): Promise<void> {
    const loaded = await reloaded(model);
    const x = wave([3, ...inputShape]);
    expect(loaded.predict(x)).toBeAllclose(model.predict(x) as tf.Tensor, {rtol: 0});
    expect(loaded.getConfig()).toEqual(model.getConfig());
  }

  it('predicts the same after saving and loading', async () => {
    await expectSame(tf.sequential({layers: [make({inputShape}), tf.layers.dense({units: 2})]}));
  });

  it('does so inside a nested functional model', async () => {
    const x = tf.input({shape: inputShape});
    const inner = tf.model({inputs: x, outputs: make({}).apply(x) as tf.SymbolicTensor});
    await expectSame(tf.sequential({layers: [tf.layers.dense({units: 2, inputShape}), inner]}));
  });

  it('comes back from JSON with its options', async () => {
    const model = tf.sequential({layers: [make({inputShape, name: 'mine'})]});
    const read = await tf.models.modelFromJSON(JSON.parse(model.toJSON() as string) as tf.io.ModelJSON);
    expect(read.getConfig()).toEqual(model.getConfig());
  });

  it('has a name that tfjs accepts, with its kind in it', () => {
    const {name} = make({});
    expect(name).toMatch(/^[a-z][a-z_]+[A-Z][A-Za-z]*\d+$/);
  });
});

describe.each(all.filter(([name]) => !name.startsWith('random') || name === 'randomizedLeakyReLU'))(
  '%s for each step of a sequence',
  (_name, make) => {
    it('predicts the same after saving and loading', async () => {
      const each = tf.layers.timeDistributed({layer: make({}), inputShape: [5, 3]});
      const model = tf.sequential({layers: [each]});
      const x = wave([2, 5, 3]);
      expect((await reloaded(model)).predict(x)).toBeAllclose(model.predict(x) as tf.Tensor, {rtol: 0});
    });
  },
);

describe('registerLayers', () => {
  const {classNameMap} = tf.serialization.SerializationMap.getMap();
  const before = {...classNameMap};
  beforeAll(() => {
    for (const name of Object.keys(classNameMap))
      if (name.startsWith('gradwire>')) Reflect.deleteProperty(classNameMap, name);
  });
  afterAll(() => void Object.assign(classNameMap, before));

  it('makes known what loading in a fresh process needs', () => {
    layers.registerLayers();
    const known = Object.keys(classNameMap).filter((name) => name.startsWith('gradwire>'));
    const named = known.map((name) => name.slice('gradwire>'.length).toLowerCase());
    expect(named.toSorted()).toEqual(
      Object.keys(makers)
        .map((name) => name.toLowerCase())
        .toSorted(),
    );
  });
});
