import {activationStats, backwardStats} from '@gradwire/capture';
import {every} from '@gradwire/core';
import * as layers from '@gradwire/layers';
import {toBeAllclose} from '@gradwire/testing';
import {captureFit, createTrainer, ofType} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));

const {randomizedLeakyReLU, residual} = layers;
const {dense} = tf.layers;

const x = tf.randomUniform([16, 3], -1, 1, 'float32', 1);
const y = tf.randomUniform([16, 1], -1, 1, 'float32', 2);
const images = tf.randomUniform([16, 6, 6, 1], -1, 1, 'float32', 3);

const seeded = (units: number, seed: number) =>
  dense({units, kernelInitializer: tf.initializers.glorotUniform({seed})});

const deep = (): tf.Sequential =>
  tf.sequential({
    layers: [
      residual([dense({units: 4, activation: 'tanh', name: 'a'}), dense({units: 4, name: 'b'})], {
        name: 'around',
        inputShape: [3],
      }),
      dense({units: 1, name: 'out'}),
    ],
  });

describe('the trainer trains a residual:', () => {
  const trainerOf = (model: tf.LayersModel) =>
    createTrainer({
      model,
      loss: 'meanSquaredError',
      optimizer: tf.train.sgd(0.1),
      captures: [activationStats({when: every(1)}), backwardStats({when: every(1)})],
    });

  it('the loss falls', async () => {
    const {history} = await trainerOf(deep()).fit({x, y}, {batchSize: 16, epochs: 20});
    expect(history['loss']!.at(-1)).toBeLessThan(0.9 * history['loss']![0]!);
  });

  it('captures see the layers inside, its projection and its sum', async () => {
    const trainer = trainerOf(deep());
    const seen = new Map<string, Set<string>>();
    trainer.events$.pipe(ofType('capture')).subscribe(({capture, values}) => {
      seen.set(capture, new Set([...(seen.get(capture) ?? []), ...Object.keys(values)]));
    });
    await trainer.fit({x, y}, {batchSize: 16, epochs: 1});
    const inside = ['around/a', 'around/b', 'around/projection', 'around/sum', 'out'];
    expect(seen.get('activationStats')).toEqual(new Set(inside));
    expect(seen.get('backwardStats')).toEqual(new Set(inside));
  });

  it('as fit of tfjs does', async () => {
    const [ours, theirs] = [deep(), deep()];
    ours.setWeights(theirs.getWeights());
    theirs.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
    await theirs.fit(x, y, {batchSize: 8, epochs: 3, shuffle: false, verbose: 0});
    await trainerOf(ours).fit({x, y}, {batchSize: 8, epochs: 3, shuffle: false});
    for (const [i, weight] of ours.getWeights().entries()) {
      expect(weight).toBeAllclose(theirs.getWeights()[i], {rtol: 0, atol: 0});
    }
  });

  it('captureFit sees inside too', async () => {
    const model = deep();
    model.compile({loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
    const seen = new Set<string>();
    captureFit(model, [activationStats({when: every(1)})])
      .pipe(ofType('capture'))
      .subscribe(({values}) => Object.keys(values).forEach((name) => seen.add(name)));
    await model.fit(x, y, {epochs: 1, verbose: 0});
    expect([...seen]).toContain('around/b');
  });
});

describe('what is drawn in training follows from the seed of the trainer:', () => {
  const image = {inputShape: [6, 6, 1]};
  const makers: Readonly<Record<string, () => tf.layers.Layer[]>> = {
    randomizedLeakyReLU: () => [seeded(8, 1), randomizedLeakyReLU()],
    unitDropout: () => [seeded(8, 1), layers.unitDropout({rate: 0.5})],
    randomContrast: () => [layers.randomContrast({factor: 0.5, ...image}), tf.layers.flatten()],
    randomFlip: () => [layers.randomFlip(image), tf.layers.flatten()],
    randomRotation: () => [layers.randomRotation({factor: 0.2, ...image}), tf.layers.flatten()],
    randomTranslation: () => [
      layers.randomTranslation({heightFactor: 0.3, widthFactor: 0.3, ...image}),
      tf.layers.flatten(),
    ],
    randomZoom: () => [layers.randomZoom({heightFactor: 0.3, ...image}), tf.layers.flatten()],
  };

  const lossesOf = async (make: () => tf.layers.Layer[], seed: number): Promise<readonly number[]> => {
    const made = make();
    const isImage = made.some(({name}) => name.startsWith('flatten'));
    const inputs = isImage ? [] : [tf.layers.inputLayer({inputShape: [3]})];
    const model = tf.sequential({layers: [...inputs, ...made, seeded(1, 2)]});
    const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.05), seed});
    const {history} = await trainer.fit(
      {x: isImage ? images : x, y},
      {batchSize: 8, epochs: 2, shuffle: false},
    );
    return history['loss']!;
  };

  it.each(Object.entries(makers))('%s', async (_name, make) => {
    const [first, again, other] = [await lossesOf(make, 1), await lossesOf(make, 1), await lossesOf(make, 2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});
