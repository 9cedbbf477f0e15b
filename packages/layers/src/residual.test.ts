import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {expectRightGradient} from '../fixtures/checkGradients.js';
import {reloaded} from '../fixtures/reloaded.js';
import {useCpu} from '../fixtures/useCpu.js';
import {run, wave} from '../fixtures/wave.js';
import {maxNormRegularizer, residual, type ResidualBlock} from './index.js';

useCpu();

const {batchNormalization, conv1d, conv2d, conv3d, dense, dropout, flatten, lstm} = tf.layers;
const constant = (value: number) => tf.initializers.constant({value});
/** Adds up what it gets, times a weight. */
const sum = (units: number, weight: number) => dense({units, kernelInitializer: constant(weight)});

function modelOf(layer: tf.layers.Layer, shape: number[]): tf.LayersModel {
  const x = tf.input({shape});
  return tf.model({inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor});
}

const namesOf = (weights: readonly {readonly name: string}[]): string[] => weights.map(({name}) => name);

describe('residual', () => {
  it('adds what the block makes to its input', () => {
    const y = run(residual(sum(2, 10)), tf.tensor2d([[1, 2]]));
    expect(y).toBeAllclose([[31, 32]]);
  });

  it('runs the layers of a list one after the other', () => {
    const y = run(residual([sum(3, 1), sum(2, 10)]), tf.tensor2d([[1, 2]]));
    expect(y).toBeAllclose([[91, 92]]);
  });

  it('takes a model', () => {
    const block = tf.sequential({
      layers: [dense({units: 2, inputShape: [2], kernelInitializer: constant(10)})],
    });
    expect(run(residual(block), tf.tensor2d([[1, 2]]))).toBeAllclose([[31, 32]]);
  });

  it('has the gradient that differences show', () => {
    const layer = residual([dense({units: 3, activation: 'tanh'}), dense({units: 2})]);
    expectRightGradient((x) => run(layer, x), wave([3, 4]));
  });

  it('passes the whole gradient around a block that lets none through', () => {
    const layer = residual([dense({units: 2, activation: 'sigmoid', biasInitializer: constant(-100)})]);
    expect(tf.grad((x) => run(layer, x))(tf.ones([1, 2]))).toBeAllclose([[1, 1]]);
  });

  it('shows its block, and that it needs no projection', () => {
    const layers = [dense({units: 4}), dense({units: 2})];
    const layer = residual(layers);
    modelOf(layer, [2]);
    expect([layer.block, layer.projection]).toEqual([layers, undefined]);
  });

  it('can be called on several inputs', () => {
    const [a, b, layer] = [tf.input({shape: [2]}), tf.input({shape: [2]}), residual(sum(2, 1))];
    const outputs = [a, b].map((x) => layer.apply(x) as tf.SymbolicTensor);
    const [first, second] = tf.model({inputs: [a, b], outputs}).predict([tf.tensor2d([[1, 2]]), tf.tensor2d([[3, 4]])]) as tf.Tensor[]; // prettier-ignore
    expect(tf.concat([first!, second!])).toBeAllclose([[4, 5], [10, 11]]); // prettier-ignore
  });
});

describe('the projection of residual', () => {
  it('is a dense layer without bias where the number of units differs', () => {
    const layer = residual(sum(1, 10));
    modelOf(layer, [2]);
    layer.projection!.setWeights([tf.tensor2d([[3], [5]])]);
    expect(run(layer, tf.tensor2d([[1, 2]]))).toBeAllclose([[3 + 10 + 30]]);
  });

  it.each<[string, tf.layers.Layer, number[], object]>([
    ['a sequence with other units', conv1d({filters: 5, kernelSize: 3, padding: 'same'}), [7, 2], {filters: 5, strides: [1]}],
    ['a sequence of half the steps', conv1d({filters: 5, kernelSize: 3, strides: 2, padding: 'same'}), [7, 2], {filters: 5, strides: [2]}],
    ['an image with other channels', conv2d({filters: 5, kernelSize: 3, padding: 'same'}), [7, 6, 2], {filters: 5, strides: [1, 1]}],
    ['an image of half the size', conv2d({filters: 2, kernelSize: 3, strides: 2, padding: 'same'}), [7, 6, 2], {filters: 2, strides: [2, 2]}],
    ['an image of which each direction shrinks by itself', conv2d({filters: 2, kernelSize: 3, strides: [3, 1], padding: 'same'}), [7, 6, 2], {strides: [3, 1]}],
    ['an image of any size', conv2d({filters: 5, kernelSize: 3, padding: 'same'}), [null, null, 2] as number[], {strides: [1, 1]}],
    ['a volume of half the size', conv3d({filters: 5, kernelSize: 1, strides: 2, padding: 'same'}), [4, 4, 6, 2], {filters: 5, strides: [2, 2, 2]}],
  ])('is a convolution of size 1 for %s', (_what, block, shape, expected) => {
    const layer = residual(block);
    const model = modelOf(layer, shape);
    const config = layer.projection!.getConfig();
    expect(config).toMatchObject({...expected, useBias: false});
    expect(new Set(config['kernelSize'] as number[])).toEqual(new Set([1]));
    expect(model.outputShape).toEqual(layer.computeOutputShape([null, ...shape]));
  }); // prettier-ignore

  it('is the layer given, where one is', () => {
    const projection = tf.layers.reshape({targetShape: [4]});
    const layer = residual([flatten(), sum(4, 1)], {projection});
    expect(run(layer, tf.tensor3d([[[1, 2], [3, 4]]]))).toBeAllclose([[11, 12, 13, 14]]); // prettier-ignore
    expect(layer.projection).toBe(projection);
  });

  it.each<[string, tf.layers.Layer, number[], string]>([
    ['the rank changes', flatten(), [2, 2], 'the block makes [4] of [2,2]: no projection changes the rank. Give one that does.'],
    ['no stride leads there', conv1d({filters: 2, kernelSize: 3}), [8, 2], 'the block makes [6,2] of [8,2], which no stride does. Give a projection that does.'],
    ['it grows', tf.layers.upSampling2d({}), [2, 2, 1], 'the block makes [4,4,1] of [2,2,1], which no stride does. Give a projection that does.'],
  ])('cannot be made where %s', (_when, block, shape, message) => {
    expect(() => modelOf(residual(block, {name: 'r'}), shape)).toThrow(new Error(`r: ${message}`));
  }); // prettier-ignore

  it('must end as the block does', () => {
    const layer = residual(sum(3, 1), {projection: sum(4, 1), name: 'r'});
    expect(() => modelOf(layer, [2])).toThrow(
      new Error('r: the block ends with shape [3], the projection with [4].'),
    );
  });
});

describe('the weights of residual', () => {
  it('are those of block and projection, named by the layer', () => {
    const layer = residual([dense({units: 4, name: 'a'}), dense({units: 3, name: 'b'})], {name: 'names'});
    const model = modelOf(layer, [2]);
    const expected = [
      'names/projection/kernel',
      'names/a/kernel',
      'names/a/bias',
      'names/b/kernel',
      'names/b/bias',
    ];
    expect(namesOf(model.trainableWeights).toSorted()).toEqual(expected.toSorted());
    expect(layer.countParams()).toBe(6 + 12 + 15);
  });

  it('are trained by fit', async () => {
    const model = tf.sequential({layers: [residual(dense({units: 3}), {inputShape: [2]})]});
    model.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
    const before = model.getWeights().map((weight) => weight.dataSync().join());
    await model.fit(wave([8, 2]), wave([8, 3], 2), {epochs: 2, verbose: 0});
    const after = model.getWeights().map((weight) => weight.dataSync().join());
    expect(after.map((values, i) => values === before[i])).toEqual([false, false, false]);
  });

  it('stay where they are when the layer is frozen, and count as weights still', () => {
    const layer = residual(dense({units: 3}));
    const model = modelOf(layer, [2]);
    const all = namesOf(model.weights);
    layer.trainable = false;
    expect([namesOf(model.trainableWeights), namesOf(model.nonTrainableWeights).toSorted()]).toEqual([
      [],
      all.toSorted(),
    ]);
    layer.trainable = true;
    expect(namesOf(model.trainableWeights)).toEqual(all);
  });

  it('can be frozen before the layer is built', () => {
    const layer = residual(dense({units: 3}));
    layer.trainable = false;
    expect(modelOf(layer, [2]).trainableWeights).toEqual([]);
  });

  it('can be frozen for one layer of the block', () => {
    const layer = residual(
      [dense({units: 4, trainable: false, name: 'still'}), dense({units: 2, name: 'learns'})],
      {name: 'half'},
    );
    modelOf(layer, [2]);
    expect(namesOf(layer.trainableWeights)).toEqual(['half/learns/kernel', 'half/learns/bias']);
  });

  it('are freed with the model', () => {
    const before = tf.memory().numTensors;
    const inner = tf.sequential({layers: [dense({units: 2, inputShape: [2]})]});
    const model = modelOf(residual([inner, residual(dense({units: 3}))]), [2]);
    expect(model.dispose().numDisposedVariables).toBe(6);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('what the layers inside residual do:', () => {
  it('regularizers add to the loss', () => {
    const regularized = () => dense({units: 2, kernelInitializer: constant(1), kernelRegularizer: maxNormRegularizer({maxNorm: 1, strength: 3})}); // prettier-ignore
    const block = tf.sequential({layers: [dense({units: 4, inputShape: [4]}), regularized()]});
    // Norms 2 each: 3 · 2 · (2 − 1)² of each.
    expect(tf.addN(modelOf(residual([residual(regularized()), block]), [4]).calculateLosses())).toBeAllclose(
      12,
    );
  });

  it('dropout drops in training only', () => {
    const layer = residual([dropout({rate: 0.5})]);
    const x = tf.ones([1, 50]);
    expect([...new Set(run(layer, x, true).dataSync())].toSorted()).toEqual([1, 3]);
    expect(run(layer, x)).toBeAllclose(2);
  });

  it('moving averages move in training only', () => {
    const norm = batchNormalization({momentum: 0.5});
    const model = modelOf(residual([norm]), [2]);
    const [, , mean] = norm.getWeights();
    model.predict(tf.fill([4, 2], 8));
    expect(norm.getWeights()[2]).toBeAllclose(mean);
    model.apply(tf.fill([4, 2], 8), {training: true});
    expect(norm.getWeights()[2]).toBeAllclose([4, 4]);
  });

  it('masks reach recurrent layers, and go on', () => {
    const block = lstm({units: 2, returnSequences: true});
    const after = lstm({units: 1});
    const model = tf.sequential({layers: [tf.layers.masking({inputShape: [4, 2]}), residual(block), after]});
    const x = tf.tensor3d([[[1, 2], [3, 4], [0, 0], [0, 0]]]); // prettier-ignore
    const short = tf.sequential({layers: [tf.layers.inputLayer({inputShape: [2, 2]}), residual(lstm({units: 2, returnSequences: true})), lstm({units: 1})]}); // prettier-ignore
    short.setWeights(model.getWeights());
    expect(model.predict(x)).toBeAllclose(short.predict(tf.slice(x, [0, 0, 0], [1, 2, 2])) as tf.Tensor);
  });

  it('leak nothing', async () => {
    const layer = residual([dense({units: 3, activation: 'tanh'}), batchNormalization(), dense({units: 2})]);
    const x = wave([3, 4]);
    run(layer, x).dispose();
    await expectNoLeaks(() => tf.tidy(() => void tf.grad((input) => run(layer, input, true))(x)));
  });
});

describe('residual, saved and loaded', () => {
  const first = {inputShape: [3]};

  it.each<[string, () => tf.layers.Layer]>([
    ['a list of layers', () => residual([dense({units: 4, activation: 'tanh'}), dense({units: 3})], first)],
    ['a projection of its own', () => residual([dense({units: 4, activation: 'tanh'})], first)],
    ['a given projection', () => residual(dense({units: 4}), {projection: dense({units: 4, activation: 'tanh'}), ...first})],
    ['moving averages', () => residual([batchNormalization({momentum: 0.5}), dense({units: 3})], first)],
    ['a regularizer', () => residual(dense({units: 3, kernelRegularizer: maxNormRegularizer({maxNorm: 0.1})}), first)],
    ['a sequential model', () => residual(tf.sequential({layers: [dense({units: 3, inputShape: [3]})]}), first)],
    ['a functional model', () => residual(modelOf(dense({units: 3, kernelRegularizer: 'l1l2'}), [3]), first)],
    ['a residual inside', () => residual([residual([dense({units: 3}), residual(dense({units: 5}))])], first)],
  ])('predicts the same with %s', async (_what, make) => {
    const model = tf.sequential({layers: [make(), dense({units: 2})]});
    model.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
    await model.fit(wave([8, 3]), wave([8, 2], 2), {epochs: 1, verbose: 0});
    const loaded = await reloaded(model);
    expect(loaded.predict(wave([4, 3], 3))).toBeAllclose(model.predict(wave([4, 3], 3)) as tf.Tensor, {
      rtol: 0,
    });
    loaded.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
    expect(loaded.calculateLosses().length).toBe(model.calculateLosses().length);
  }); // prettier-ignore

  it('stays frozen', async () => {
    const layer = residual(dense({units: 3}), {inputShape: [3]});
    layer.trainable = false;
    expect((await reloaded(tf.sequential({layers: [layer]}))).trainableWeights).toEqual([]);
  });

  it('uses custom objects that are given on loading', async () => {
    class Twice extends tf.layers.Layer {
      static className = 'Twice';
      override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.mul([x].flat()[0]!, 2);
      }
    }
    const model = modelOf(residual(new Twice()), [1]);
    const json = JSON.parse(model.toJSON() as string) as tf.io.ModelJSON;
    const custom = {Twice: [Twice, Twice.fromConfig]} as unknown as tf.serialization.ConfigDict;
    const loaded = await tf.models.modelFromJSON(json, custom);
    expect(loaded.predict(tf.tensor2d([[5]]))).toBeAllclose([[15]]);
    await expect(tf.models.modelFromJSON(json)).rejects.toThrow(
      'residual: the saved block has a layer Twice, whose class is not registered.',
    );
  });
});

describe('residual rejects', () => {
  const used = dense({units: 1, name: 'used'});
  const twice = dense({units: 1});

  it.each<[string, unknown, object, string]>([
    ['no layer', [], {}, 'block must have a layer at least, got none.'],
    ['what is no layer', [1], {}, 'block[0] must be a layer, got the number 1.'],
    ['nothing', undefined, {}, 'block must be a layer, got undefined.'],
    ['a layer twice', [twice, twice], {}, 'block[1] is in the block already.'],
    ['a projection that is no layer', twice, {projection: 'dense'}, "projection must be a layer, got the string 'dense'."],
    ['unknown options', twice, {units: 1}, "there is no option 'units'. Options: projection, name, inputShape."],
  ])('%s', (_what, block, options, message) => {
    expect(() => residual(block as ResidualBlock, options)).toThrow(new TypeError(`residual: ${message}`));
  }); // prettier-ignore

  it('a layer that is in use already', () => {
    run(used, tf.ones([1, 1]));
    expect(() => residual([used])).toThrow(
      new TypeError("residual: block[0] must be a new layer, 'used' is in use already."),
    );
  });

  it('a layer that has come into use elsewhere since', () => {
    const shared = dense({units: 1, inputShape: [1], name: 'shared'});
    expect(() => tf.sequential({layers: [shared, residual([shared], {name: 'around'})]})).toThrow(
      new Error("around: 'shared' of the block is in use elsewhere already; give a new layer."),
    );
  });

  it('models with several outputs', () => {
    const x = tf.input({shape: [1]});
    const outputs = [1, 2].map((units) => dense({units}).apply(x) as tf.SymbolicTensor);
    expect(() => residual(tf.model({inputs: x, outputs, name: 'fork'}))).toThrow(
      new TypeError("residual: block must have one input and one output, the model 'fork' has 1 and 2."),
    );
  });
});
