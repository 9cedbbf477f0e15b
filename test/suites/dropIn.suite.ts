import {clipByGlobalNorm, clipByNorm} from '@gradwire/clipping';
import {
  chain,
  GradientOptimizer,
  type GradientTransform,
  masked,
  registerTransforms,
  transformGradients,
} from '@gradwire/core';
import {gradientNoise} from '@gradwire/noise';
import {normalizeByNorm} from '@gradwire/normalization';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {denseTask} from './support/models.js';
import {optimizers} from './support/optimizers.js';
import {loaded, saved} from './support/saving.js';
import {sameTraining} from './support/tolerance.js';
import {normOf, weightsOf} from './support/values.js';

type Training = (model: tf.LayersModel, epochs: number) => unknown;

const BATCH = 4;
const {x, y} = denseTask.data();
const updatesPerEpoch = x.shape[0]! / BATCH;

/** Two ways of TensorFlow.js to train with an optimizer. */
const ways: readonly (readonly [name: string, train: Training])[] = [
  ['fit', (model, epochs) => model.fit(x, y, {epochs, batchSize: BATCH, shuffle: false, verbose: 0})],
  [
    'minimize',
    (model, epochs) => {
      for (let update = 0; update < epochs * updatesPerEpoch; update++) {
        const start = BATCH * (update % updatesPerEpoch);
        model.optimizer.minimize(() => {
          const predicted = model.apply(tf.slice(x, start, BATCH), {training: true}) as tf.Tensor;
          return tf.losses.meanSquaredError(tf.slice(y, start, BATCH), predicted) as tf.Scalar;
        });
      }
    },
  ],
];
const fit = ways[0]![1];

function compiled(optimizer: tf.Optimizer): tf.LayersModel {
  const model = denseTask.model();
  model.compile({loss: denseTask.loss, optimizer});
  return model;
}

/** The weights that an optimizer brings the model to. */
async function trained(optimizer: tf.Optimizer, train = fit): Promise<number[]> {
  const model = compiled(optimizer);
  await train(model, 2);
  return weightsOf(model);
}

/** How far one step of gradient descent with rate 1 moves: the norm of the gradient that came out of the chain. */
async function stepLength(...transforms: GradientTransform[]): Promise<number> {
  const model = compiled(transformGradients(tf.train.sgd(1), ...transforms));
  const before = await weightsOf(model);
  await model.trainOnBatch(x, y);
  const after = await weightsOf(model);
  return normOf(after.map((weight, i) => weight - before[i]!));
}

const transforms = (): GradientTransform[] => [
  clipByGlobalNorm({maxNorm: 0.5}),
  masked('**/kernel', chain(gradientNoise({eta: 0.01}), normalizeByNorm({epsilon: 0.1}))),
];

describe.each(ways)('under %s', (_way, train) => {
  it.each(optimizers)(
    'an empty chain around %s trains to the weights of the bare one',
    async (_name, make) => {
      const bare = await trained(make(), train);
      expect(await trained(transformGradients(make()), train)).toBeAllclose(bare, sameTraining());
      expect(bare).not.toBeAllclose(await weightsOf(denseTask.model()), {rtol: 1e-2});
    },
  );

  it.each(optimizers)('a chain around %s leaks nothing', async (_name, make) => {
    const model = compiled(transformGradients(make(), ...transforms()));
    await train(model, 1);
    const before = tf.memory().numTensors;
    await train(model, 2);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('a seed says all about the noise', async () => {
    const noisy = (seed: number) =>
      trained(new GradientOptimizer(tf.train.adam(0.01), [gradientNoise({eta: 0.3})], {seed}), train);
    const first = await noisy(1);
    expect(await noisy(1)).toBeAllclose(first, sameTraining());
    expect(await noisy(2)).not.toBeAllclose(first, {rtol: 1e-2});
  });
});

describe('a step', () => {
  it('is as long as the gradient without a transform', async () => {
    expect(await stepLength()).toBeGreaterThan(0.1);
  });

  it('is as long as clipByGlobalNorm allows', async () => {
    expect(await stepLength(clipByGlobalNorm({maxNorm: 0.01}))).toBeCloseTo(0.01, 5);
  });

  it('is as long as clipByNorm allows every parameter', async () => {
    const parameters = denseTask.model().weights.length;
    expect(await stepLength(clipByNorm({maxNorm: 1e-3}))).toBeLessThan(1.001e-3 * Math.sqrt(parameters));
  });

  it('is one unit long for every parameter through normalizeByNorm', async () => {
    const parameters = denseTask.model().weights.length;
    expect(await stepLength(normalizeByNorm())).toBeCloseTo(Math.sqrt(parameters), 4);
  });
});

describe('a model that is saved and loaded half way', () => {
  it.each(optimizers)('trains on with %s as if never stopped', async (_name, make) => {
    registerTransforms({clipByGlobalNorm, gradientNoise, normalizeByNorm});
    const uninterrupted = compiled(transformGradients(make(), ...transforms()));
    await fit(uninterrupted, 2);

    const stopped = compiled(transformGradients(make(), ...transforms()));
    await fit(stopped, 1);
    const resumed = await loaded(await saved(stopped));
    expect(resumed.optimizer).toBeInstanceOf(GradientOptimizer);
    await fit(resumed, 1);

    expect(await weightsOf(resumed)).toBeAllclose(await weightsOf(uninterrupted), sameTraining());
  });
});
