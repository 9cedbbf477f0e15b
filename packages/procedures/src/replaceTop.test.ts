import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {body, head, useCpu, wave} from '../fixtures/training.js';
import {replaceTop, type ReplaceTopOptions} from './index.js';

useCpu();

const namesOf = (model: tf.LayersModel) => model.layers.map(({name}) => name).slice(1);
const outputsOf = (model: tf.LayersModel, x: tf.Tensor) => [...(model.predict(x) as tf.Tensor).dataSync()];

describe('replaceTop', () => {
  it('drops layers from the top, and puts others there', () => {
    const model = body([4, 3, 2]);
    const other = replaceTop(model, {
      drop: 1,
      layers: [tf.layers.dense({units: 5, name: 'd'}), tf.layers.softmax({name: 'e'})],
    });
    expect(namesOf(other)).toEqual(['a', 'b', 'd', 'e']);
    expect(other.outputs[0]!.shape).toEqual([null, 5]);
    expect(namesOf(model)).toEqual(['b', 'c']);
  });

  it('takes the name of the lowest layer that goes', () => {
    expect(namesOf(replaceTop(body([4, 3, 2]), {from: 'b'}))).toEqual(['a']);
  });

  it('gives what lower layers give', () => {
    const [whole, lower] = [body([4, 3]), replaceTop(body([4, 3, 2]), {drop: 1})];
    const x = wave([5, 3]);
    expect(outputsOf(lower, x)).toEqual(outputsOf(whole, x));
  });

  it('shares the lower layers: what one learns, the other knows', () => {
    const model = body([4, 3, 2]);
    const lower = replaceTop(model, {drop: 1});
    model.weights[0]!.write(tf.zeros([3, 4]));
    expect(lower.weights[0]!.read()).toBe(model.weights[0]!.read());
  });

  it('adds to a model that stays whole', () => {
    expect(
      namesOf(replaceTop(body([4]), {drop: 0, layers: [tf.layers.dense({units: 1, name: 'top'})]})),
    ).toEqual(['a', 'top']);
  });

  it('leaves what branches below as it is', () => {
    const input = tf.input({shape: [3]});
    const [left, right] = ['left', 'right'].map(
      (name) => tf.layers.dense({units: 2, name}).apply(input) as tf.SymbolicTensor,
    );
    const sum = tf.layers.add({name: 'sum'}).apply([left!, right!]) as tf.SymbolicTensor;
    const model = tf.model({
      inputs: input,
      outputs: tf.layers.dense({units: 1, name: 'out'}).apply(sum) as tf.SymbolicTensor,
    });
    expect(namesOf(replaceTop(model, {from: 'out'}))).toEqual(['left', 'right', 'sum']);
    expect(() => replaceTop(model, {drop: 2})).toThrow(
      "replaceTop: layer 'sum' has 2 inputs; what is left out must be a chain.",
    );
    expect(() => replaceTop(model, {from: 'left'})).toThrow(
      'replaceTop: the selector left matches no layer.',
    );
  });

  it('works on its own results, and on loaded models', async () => {
    const model = replaceTop(body([4, 3]), {drop: 1, layers: [head()]});
    const again = replaceTop(model, {drop: 1, layers: [tf.layers.dense({units: 2, name: 'new'})]});
    expect(namesOf(again)).toEqual(['a', 'new']);
    let saved: tf.io.ModelArtifacts = {};
    await again.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return {modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'}};
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved));
    expect(namesOf(replaceTop(loaded, {from: 'new'}))).toEqual(['a']);
    const x = wave([5, 3]);
    expect(outputsOf(loaded, x)).toEqual(outputsOf(again, x));
  });

  it('is freed with its top, when the old model keeps the rest', async () => {
    const model = body();
    await expectNoLeaks(() => {
      const other = replaceTop(model, {drop: 1, layers: [head()]});
      other.layers.at(-1)!.dispose();
    });
  });
});

describe('replaceTop rejects', () => {
  it.each<[options: unknown, message: string]>([
    [{}, 'replaceTop: give drop or from, one of them.'],
    [{drop: 1, from: 'c'}, 'replaceTop: give drop or from, one of them.'],
    [{drop: -1}, 'replaceTop: drop must be a whole number >= 0, got -1.'],
    [{drop: 3}, 'replaceTop: drop must be <= 2, which leaves one layer, got 3.'],
    [{from: 'd'}, 'replaceTop: the selector d matches no layer. Nearest of 4:'],
    [{from: 'a'}, "replaceTop: 'a' is the lowest layer; nothing would be left of the model."],
    [{drop: 1, layers: 3}, 'replaceTop: layers must be a list of layers, got the number 3.'],
    [{drop: 1, layer: 3}, "replaceTop: there is no option 'layer'. Options: drop, from, layers."],
  ])('%j', (options, message) => {
    expect(() => replaceTop(body(), options as ReplaceTopOptions)).toThrow(message);
  });
});
