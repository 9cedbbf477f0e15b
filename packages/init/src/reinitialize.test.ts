import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {constant} from './constant.js';
import {defineInitializer} from './defineInitializer.js';
import {heNormal} from './heNormal.js';
import {identity} from './identity.js';
import {orthogonal} from './orthogonal.js';
import {randomNormal} from './randomNormal.js';
import {reinitialize} from './reinitialize.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

function twins(): tf.Sequential {
  return tf.sequential({
    layers: [tf.layers.dense({units: 3, inputShape: [3], name: 'a'}), tf.layers.dense({units: 3, name: 'b'})],
  });
}

function valuesOf(model: tf.LayersModel): number[][] {
  return model.getWeights().map((weight) => [...weight.dataSync()]);
}

/** tfjs counts names that it has given before. */
function withoutCounter(name: string): string {
  return name.replace(/_\d+$/, '');
}

describe('reinitialize', () => {
  it('changes what a glob matches, and nothing else', () => {
    const model = twins();
    const [kernel, bias, other] = valuesOf(model);
    reinitialize(model, {'a/kernel': constant({value: 7})});
    const [newKernel, newBias, newOther] = valuesOf(model);
    expect(kernel).not.toEqual(newKernel);
    expect(newKernel).toEqual(Array.from({length: 9}, () => 7));
    expect([newBias, newOther]).toEqual([bias, other]);
  });

  it('tells the names of what it has changed', () => {
    const names = reinitialize(twins(), {'**/kernel': heNormal(), 'b/*': constant({value: 0})});
    expect(names.map(withoutCounter)).toEqual(['a/kernel', 'b/kernel', 'b/bias']);
  });

  it('lets the last of two rules count', () => {
    const model = twins();
    reinitialize(model, {'**/bias': constant({value: 1}), 'b/bias': constant({value: 2})});
    expect(valuesOf(model).filter((_, i) => i % 2 === 1)).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
  });

  it('gives kernels of one shape different values', () => {
    const model = twins();
    reinitialize(model, {'**/kernel': heNormal()}, {seed: 0});
    const [a, , b] = valuesOf(model);
    expect(a!.filter((value) => b!.includes(value))).toEqual([]);
  });

  it('gives a model that is built again the same values for the same seed', () => {
    const models = [twins(), twins()];
    for (const model of models) reinitialize(model, {'**': randomNormal()}, {seed: 42});
    expect(valuesOf(models[0]!)).toEqual(valuesOf(models[1]!));
  });

  it('gives other values for another seed', () => {
    const models = [twins(), twins()];
    for (const [seed, model] of models.entries()) reinitialize(model, {'**': randomNormal()}, {seed});
    expect(valuesOf(models[0]!)).not.toEqual(valuesOf(models[1]!));
  });

  it('gives other values every time without a seed', () => {
    const model = twins();
    reinitialize(model, {'**/kernel': heNormal()});
    const first = valuesOf(model);
    reinitialize(model, {'**/kernel': heNormal()});
    expect(valuesOf(model)).not.toEqual(first);
  });

  it('reaches into nested models', () => {
    const inner = twins();
    const model = tf.sequential({layers: [inner, tf.layers.dense({units: 1, name: 'out'})]});
    const names = reinitialize(model, {'**/kernel': orthogonal()});
    expect(names.map(withoutCounter)).toEqual(['a/kernel', 'b/kernel', 'out/kernel']);
  });

  it('reaches moving averages and frozen weights', () => {
    const norm = tf.layers.batchNormalization({inputShape: [2], name: 'norm', trainable: false});
    const model = tf.sequential({layers: [norm]});
    reinitialize(model, {'norm/**': constant({value: 3})});
    expect(valuesOf(model).flat()).toEqual([3, 3, 3, 3, 3, 3, 3, 3]);
  });

  it('works on a loaded model', async () => {
    const original = twins();
    let saved: tf.io.ModelArtifacts | undefined;
    await original.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}};
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    reinitialize(loaded, {'a/kernel': identity()});
    expect(valuesOf(loaded)[0]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(valuesOf(loaded)[2]).toEqual(valuesOf(original)[2]);
  });

  it('gives a loaded model the values of its original for the same seed', async () => {
    const original = twins();
    const loaded = await tf.loadLayersModel(
      tf.io.fromMemory({modelTopology: JSON.parse(original.toJSON(null, true) as string) as object}),
    );
    for (const model of [original, loaded]) reinitialize(model, {'**': randomNormal()}, {seed: 42});
    expect(valuesOf(loaded)).toEqual(valuesOf(original));
  });

  it('keeps what trains the model: the same variables', () => {
    const model = twins();
    const before = model.weights.map((weight) => weight.read());
    reinitialize(model, {'**': randomNormal()});
    expect(model.weights.map((weight) => weight.read())).toEqual(before);
  });

  it('changes nothing when one initializer throws', () => {
    const model = twins();
    const before = valuesOf(model);
    expect(() => reinitialize(model, {'a/*': constant({value: 1}), 'b/bias': orthogonal()})).toThrow(
      "orthogonal: a kernel of two axes or more is needed, got shape [3] of 'b/bias",
    );
    expect(valuesOf(model)).toEqual(before);
  });

  it('changes nothing when a shape is wrong', () => {
    const model = twins();
    const before = valuesOf(model);
    const bad = (): ReturnType<typeof defineInitializer> =>
      defineInitializer({name: 'bad', factory: bad, config: {}, draw: () => tf.zeros([5])});
    expect(() => reinitialize(model, {'**/kernel': constant({value: 1}), 'a/bias': bad()})).toThrow(
      "reinitialize: 'a/bias' gave shape [5] for 'a/bias",
    );
    expect(valuesOf(model)).toEqual(before);
  });

  it('leaves nothing behind, also when it throws', () => {
    const model = twins();
    return expectNoLeaks(() => {
      reinitialize(model, {'**/kernel': orthogonal(), '**/bias': () => tf.zeros([3])});
      expect(() => reinitialize(model, {'**': orthogonal()})).toThrow('orthogonal');
    });
  });
});

describe('reinitialize refuses', () => {
  it('a glob that matches nothing', () => {
    expect(() => reinitialize(twins(), {'*/kernels': heNormal()})).toThrow(
      'reinitialize: the selector */kernels matches no parameter. Nearest of 4: ',
    );
  });

  it.each<[unknown, string]>([
    [{}, "rules must be initializers by glob, e.g. {'**/kernel': heNormal()}, got a plain object."],
    [
      heNormal(),
      "rules must be initializers by glob, e.g. {'**/kernel': heNormal()}, got the function heNormal.",
    ],
    [{'**': 'heNormal'}, "'**' must be an initializer, e.g. heNormal(), got the string 'heNormal'."],
  ])('the rules %o', (rules, message) => {
    expect(() => reinitialize(twins(), rules as never)).toThrow(new TypeError(`reinitialize: ${message}`));
  });

  it('a seed that is no whole number', () => {
    expect(() => reinitialize(twins(), {'**/kernel': heNormal()}, {seed: 0.5})).toThrow(
      new RangeError('reinitialize: seed must be a whole number >= 0, got 0.5.'),
    );
  });
});
