import {paramSpec} from '@gradwire/core';
import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {defineInitializer} from './defineInitializer.js';
import {heNormal} from './heNormal.js';
import type {LayerInitializer} from './layerInitializer.js';
import {orthogonal} from './orthogonal.js';
import {randomNormal} from './randomNormal.js';
import {registerInitializers} from './registerInitializers.js';
import {varianceScaling} from './varianceScaling.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

const classNameMap = tf.serialization.SerializationMap.getMap().classNameMap;

function twos(options: {howMany?: number} = {}): LayerInitializer {
  const {howMany = 2} = options;
  return defineInitializer({
    name: 'twos',
    factory: twos,
    config: {howMany},
    draw: ({shape}) => tf.fill([...shape], howMany),
  });
}

/** What a model is saved as, as text and back. */
function jsonOf(model: tf.LayersModel): {modelTopology: object} {
  return {modelTopology: JSON.parse(model.toJSON(null, true) as string) as object};
}

function load(json: {modelTopology: object}): Promise<tf.LayersModel> {
  return tf.loadLayersModel(tf.io.fromMemory(json));
}

function configOf(model: tf.LayersModel, key: string, layer = 0): unknown {
  return model.layers[layer]!.getConfig()[key];
}

describe('an initializer in a layer of tfjs', () => {
  it('makes the values of its kernel', () => {
    const layer = tf.layers.dense({units: 2, inputShape: [3], kernelInitializer: twos()});
    tf.sequential({layers: [layer]});
    expect([...layer.getWeights()[0]!.dataSync()]).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it('gives kernels of one shape different values, though it is one object', () => {
    const kernelInitializer = heNormal();
    const dense = () => tf.layers.dense({units: 3, inputShape: [3], kernelInitializer});
    const [a, b] = [dense(), dense()];
    tf.sequential({layers: [a, b]});
    expect(a.getWeights()[0]!.dataSync()).not.toEqual(b.getWeights()[0]!.dataSync());
  });

  it.each([
    ['simpleRNN', () => tf.layers.simpleRNN({units: 2, recurrentInitializer: twos(), inputShape: [3, 1]})],
    ['lstm', () => tf.layers.lstm({units: 2, recurrentInitializer: twos(), inputShape: [3, 1]})],
    ['gru', () => tf.layers.gru({units: 2, recurrentInitializer: twos(), inputShape: [3, 1]})],
    [
      'conv2d',
      () => tf.layers.conv2d({filters: 2, kernelSize: 2, kernelInitializer: twos(), inputShape: [3, 3, 1]}),
    ],
    [
      'embedding',
      () => tf.layers.embedding({inputDim: 2, outputDim: 2, embeddingsInitializer: twos(), inputLength: 2}),
    ],
    ['batchNormalization', () => tf.layers.batchNormalization({gammaInitializer: twos(), inputShape: [2]})],
    ['prelu', () => tf.layers.prelu({alphaInitializer: twos(), inputShape: [2]})],
    [
      'bidirectional',
      () =>
        tf.layers.bidirectional({
          layer: tf.layers.simpleRNN({units: 2, recurrentInitializer: twos()}) as tf.RNN,
          mergeMode: 'concat',
          inputShape: [3, 1],
        }),
    ],
  ])('works in %s', (_, make) => {
    const layer = make();
    tf.sequential({layers: [layer]});
    const values = layer.getWeights().map((weight) => [...weight.dataSync()]);
    expect(values).toContainEqual(values.find(([first]) => first === 2)?.map(() => 2));
  });

  it('casts to the type that the layer asks for', () => {
    expect(twos().apply([2], 'int32').dtype).toBe('int32');
  });

  it('leaves nothing but the weights behind', () =>
    expectNoLeaks(() => {
      const model = tf.sequential({
        layers: [tf.layers.dense({units: 2, inputShape: [3], kernelInitializer: heNormal()})],
      });
      model.dispose();
    }));
});

describe('a saved initializer', () => {
  const model = (kernelInitializer: LayerInitializer) =>
    tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3], kernelInitializer})]});

  it.each([
    ['heNormal', heNormal(), {}],
    ['randomNormal', randomNormal({stddev: 0}), {mean: 0, stddev: 0}],
    ['orthogonal', orthogonal({gain: 1.5}), {gain: 1.5}],
    [
      'varianceScaling',
      varianceScaling({scale: 3, mode: 'fanAvg', distribution: 'untruncatedNormal'}),
      {scale: 3, mode: 'fanAvg', distribution: 'untruncatedNormal'},
    ],
    ['twos', twos({howMany: 5}), {howMany: 5}],
  ])('comes back with its options: %s', async (name, initializer, config) => {
    const loaded = await load(jsonOf(model(initializer)));
    expect(configOf(loaded, 'kernelInitializer')).toEqual({className: `gradwire>${name}`, config});
  });

  it('makes values again in a layer that is made of the loaded configuration', async () => {
    const loaded = await load(jsonOf(model(twos({howMany: 5}))));
    const config = loaded.layers[0]!.getConfig();
    const again = tf.layers.dense({...config, name: 'again'} as never);
    tf.sequential({layers: [again]});
    expect([...again.getWeights()[0]!.dataSync()]).toEqual([5, 5, 5, 5, 5, 5]);
  });

  it('comes back with its weights', async () => {
    const original = model(heNormal());
    let saved: tf.io.ModelArtifacts | undefined;
    await original.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}};
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    expect(loaded.getWeights()[0]!.dataSync()).toEqual(original.getWeights()[0]!.dataSync());
  });

  it('is unknown in a process that has registered nothing', async () => {
    const json = jsonOf(model(heNormal()));
    delete classNameMap['gradwire>heNormal'];
    await expect(load(json)).rejects.toThrow('Unknown initializer: gradwire>heNormal');
  });

  it('is known after registerInitializers', async () => {
    const json = jsonOf(model(heNormal()));
    delete classNameMap['gradwire>heNormal'];
    registerInitializers();
    await expect(load(json)).resolves.toBeDefined();
  });

  it('of somebody else is known after registerInitializers', async () => {
    const json = jsonOf(model(twos()));
    delete classNameMap['gradwire>twos'];
    registerInitializers({twos});
    await expect(load(json)).resolves.toBeDefined();
  });

  it.each([
    [[heNormal], 'factories must be a record, e.g. registerInitializers({heNormal}), got a list of 1.'],
    [
      {twos: 2},
      'twos must be an initializer factory, e.g. registerInitializers({heNormal}), got the number 2.',
    ],
  ])('cannot be registered as %o', (factories, message) => {
    expect(() => registerInitializers(factories as never)).toThrow(
      new TypeError(`registerInitializers: ${message}`),
    );
  });
});

describe('an initializer as a function', () => {
  it.each([0, 1, 2 ** 40])('gives the same values to the same seed %d', (seed) => {
    const spec = paramSpec('dense/kernel', [3, 4]);
    expect(heNormal()(spec, seed).dataSync()).toEqual(heNormal()(spec, seed).dataSync());
  });

  it.each([
    [0, 1],
    [1, 2],
    [7, 7 + 2 ** 32],
  ])('gives other values to the seeds %d and %d', (one, other) => {
    const spec = paramSpec('dense/kernel', [3, 4]);
    const values = [...heNormal()(spec, one).dataSync()];
    expect(values.filter((value) => heNormal()(spec, other).dataSync().includes(value))).toEqual([]);
  });

  it('has the name of its factory', () => {
    expect(heNormal().name).toBe('heNormal');
  });

  it('registers its class once', () => {
    heNormal();
    const registered = classNameMap['gradwire>heNormal'];
    heNormal();
    expect(classNameMap['gradwire>heNormal']).toBe(registered);
  });
});

describe('a definition is refused', () => {
  const valid = {name: 'twos', factory: twos, config: {}, draw: () => tf.scalar(2)};

  it.each([
    [{...valid, name: 'he_normal'}, "name must consist of letters and digits, got the string 'he_normal'."],
    [{...valid, factory: undefined}, 'factory must be a function, got undefined.'],
    [{...valid, draw: tf.scalar(2)}, 'draw must be a function, got a Tensor.'],
  ])('%#', (definition, message) => {
    expect(() => defineInitializer(definition as never)).toThrow(
      new TypeError(`defineInitializer: ${message}`),
    );
  });
});
