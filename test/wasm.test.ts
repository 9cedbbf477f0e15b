import {transformGradients} from '@gradwire/core';
import {gradientNoise} from '@gradwire/noise';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';

// What is promised bit by bit is checked on the cpu backend elsewhere; here on the one that people train on.
describe('on the wasm backend', () => {
  let previous: string;

  beforeAll(async () => {
    await tf.ready();
    previous = tf.getBackend();
    if (!(await tf.setBackend('wasm'))) throw new Error('The wasm backend does not start.');
  });

  afterAll(async () => {
    tf.disposeVariables();
    await tf.setBackend(previous);
  });

  it.each<[string, () => tf.Optimizer]>([
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.1, 0.9)],
    ['nesterov', () => tf.train.momentum(0.1, 0.9, true)],
    ['adagrad', () => tf.train.adagrad(0.1)],
    ['adadelta', () => tf.train.adadelta(0.1)],
    ['adam', () => tf.train.adam(0.01)],
    ['adamax', () => tf.train.adamax(0.01)],
    ['rmsprop', () => tf.train.rmsprop(0.01, 0.9, 0.5, undefined, true)],
  ])('an empty chain around %s trains to bit-identical weights', (_name, optimizer) => {
    const initial = denseModel().getWeights();
    const bare = minimized(optimizer(), initial);
    expect(minimized(transformGradients(optimizer()), initial)).toEqual(bare);
    expect(bare).not.toEqual(values(initial));
  });

  it('the trainer ends at the very weights of model.fit', async () => {
    const [ours, theirs] = [denseModel(), denseModel()];
    theirs.setWeights(ours.getWeights());
    const {x, y} = data();
    const options = {epochs: 5, batchSize: 8, shuffle: false};

    theirs.compile({loss: 'meanSquaredError', optimizer: tf.train.adam(0.01)});
    await theirs.fit(x, y, {...options, verbose: 0});
    const trainer = createTrainer({
      model: ours,
      loss: 'meanSquaredError',
      optimizer: tf.train.adam(0.01),
    });
    await trainer.fit({x, y}, options);

    expect(values(ours.getWeights())).toEqual(values(theirs.getWeights()));
  });

  it('a seed says all about dropout, shuffling and noise', async () => {
    const initial = denseModel(0.3).getWeights();
    const first = await trained(1, initial);
    expect(await trained(1, initial)).toEqual(first);
    expect(await trained(2, initial)).not.toEqual(first);
  });
});

function denseModel(rate = 0): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.dense({units: 7, activation: 'tanh', inputShape: [3]}),
      tf.layers.dropout({rate}),
      tf.layers.dense({units: 5, activation: 'sigmoid'}),
      tf.layers.dense({units: 1}),
    ],
  });
}

function data(): {x: tf.Tensor2D; y: tf.Tensor2D} {
  const x = tf.randomNormal([32, 3], 0, 1, 'float32', 7) as tf.Tensor2D;
  return {x, y: tf.sum(tf.square(x), 1, true) as tf.Tensor2D};
}

/** The weights after 50 updates from `initial` on. */
function minimized(optimizer: tf.Optimizer, initial: tf.Tensor[]): number[][] {
  const model = denseModel();
  model.setWeights(initial);
  const {x, y} = data();
  for (let step = 0; step < 50; step++) {
    optimizer.minimize(() => tf.losses.meanSquaredError(y, model.apply(x) as tf.Tensor) as tf.Scalar);
  }
  const weights = values(model.getWeights());
  optimizer.dispose();
  model.dispose();
  return weights;
}

/** The weights that a training with this seed ends at. */
async function trained(seed: number, initial: tf.Tensor[]): Promise<number[][]> {
  const model = denseModel(0.3);
  model.setWeights(initial);
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.adam(0.01),
    seed,
    transforms: [gradientNoise({eta: 0.3})],
  });
  await trainer.fit(data(), {epochs: 3, batchSize: 8});
  trainer.dispose();
  return values(model.getWeights());
}

function values(weights: tf.Tensor[]): number[][] {
  return weights.map((weight) => [...weight.dataSync()]);
}
