import {mixSeeds} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it, vi} from 'vitest';
import {mlp, noisy, record, samples, useCpu, wave, weightsOf, withWeights} from '../fixtures/training.js';
import {createTrainer, type TrainerOptions} from './index.js';
import {permutation, seededRandom, withSeededMathRandom} from './seededRandom.js';

useCpu();

const N = 12;

async function train(
  model: tf.LayersModel,
  seed: number,
  parts: Partial<TrainerOptions> = {},
): Promise<number[][]> {
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.adam(0.01),
    seed,
    ...parts,
  });
  const x = model.inputs[0]!.shape.length === 3 ? wave([N, 4, 2]) : wave([N, 3]);
  await trainer.fit({x, y: wave([N, 1], 5)}, {epochs: 2, batchSize: 5});
  trainer.dispose();
  return weightsOf(model);
}

const models: readonly (readonly [string, () => tf.LayersModel])[] = [
  ['dropout', () => stack(tf.layers.dropout({rate: 0.5}))],
  // To tfjs a seed of 0 is none.
  ['dropout with a seed of 0', () => stack(tf.layers.dropout({rate: 0.5, seed: 0}))],
  ['Gaussian noise', () => stack(tf.layers.gaussianNoise({stddev: 0.5}))],
  ['Gaussian dropout', () => stack(tf.layers.gaussianDropout({rate: 0.5}))],
  ['alpha dropout', () => stack(tf.layers.alphaDropout({rate: 0.5}))],
  [
    'dropout in an LSTM',
    () =>
      withWeights(
        tf.sequential({
          layers: [
            tf.layers.lstm({units: 3, inputShape: [4, 2], dropout: 0.4, recurrentDropout: 0.4}),
            tf.layers.dense({units: 1}),
          ],
        }),
      ),
  ],
];

/** Layers without names: tfjs counts them on from model to model. */
function stack(layer: tf.layers.Layer): tf.LayersModel {
  return withWeights(
    tf.sequential({
      layers: [
        tf.layers.dense({units: 6, activation: 'tanh', inputShape: [3]}),
        layer,
        tf.layers.dense({units: 1}),
      ],
    }),
  );
}

describe('two trainings with one seed are bit-identical, also of models that are built again:', () => {
  it.each(models)('%s', async (_, model) => {
    expect(await train(model(), 7)).toEqual(await train(model(), 7));
  });

  it('gradient noise', async () => {
    const parts = () => ({transforms: [noisy()]});
    expect(await train(mlp(), 7, parts())).toEqual(await train(mlp(), 7, parts()));
  });

  it('the order of the samples', async () => {
    expect(await train(mlp(), 7)).toEqual(await train(mlp(), 7));
  });

  it('whatever else has drawn from Math.random', async () => {
    const [[, dropout]] = models as [readonly [string, () => tf.LayersModel]];
    const first = await train(dropout(), 7);
    for (let i = 0; i < 5; i++) Math.random();
    expect(await train(dropout(), 7)).toEqual(first);
  });

  it('also side by side', async () => {
    const [[, dropout]] = models as [readonly [string, () => tf.LayersModel]];
    const alone = [await train(dropout(), 7), await train(dropout(), 8)];
    expect(await Promise.all([train(dropout(), 7), train(dropout(), 8)])).toEqual(alone);
  });

  it('in two fits or in one of as many epochs', async () => {
    const run = async (...epochs: number[]): Promise<number[][]> => {
      const model = stack(tf.layers.dropout({rate: 0.5}));
      const trainer = createTrainer({
        model,
        loss: 'meanSquaredError',
        optimizer: tf.train.adam(0.01),
        seed: 7,
        transforms: [noisy()],
      });
      for (const n of epochs) await trainer.fit(samples(N), {epochs: n, batchSize: 5});
      return weightsOf(model);
    };
    expect(await run(1, 2)).toEqual(await run(3));
  });
});

describe('trainings with different seeds differ:', () => {
  it.each(models)('%s', async (_, model) => {
    expect(await train(model(), 7)).not.toEqual(await train(model(), 8));
  });

  it('gradient noise', async () => {
    const parts = () => ({transforms: [noisy()]});
    expect(await train(mlp(), 7, parts())).not.toEqual(await train(mlp(), 8, parts()));
  });

  it('seeds beyond 32 bits', async () => {
    expect(await train(mlp(), 1)).not.toEqual(await train(mlp(), 1 + 2 ** 32));
  });
});

describe('dropout', () => {
  it('drops others at every step', async () => {
    const masks = new Set<string>();
    const w = tf.variable(tf.scalar(1));
    const trainer = createTrainer({
      model: (x) => {
        const dropped = tf.dropout(x, 0.5);
        masks.add(dropped.dataSync().join());
        return tf.mul(dropped, w);
      },
      variables: [w],
      loss: (yTrue, yPred) => tf.losses.meanSquaredError(yTrue, yPred),
      optimizer: tf.train.sgd(0),
    });
    await trainer.fit({x: tf.ones([64]), y: tf.ones([64])}, {epochs: 4, batchSize: 16});
    expect(masks.size).toBe(16);
  });
});

describe('Math.random', () => {
  it('is afterwards what it was, also when a step fails', async () => {
    const original = Math.random;
    await train(stack(tf.layers.dropout({rate: 0.5})), 1);
    expect(Math.random).toBe(original);
    const trainer = createTrainer({
      model: mlp(),
      loss: () => {
        throw new Error('boom');
      },
      optimizer: tf.train.sgd(0.1),
    });
    await expect(trainer.fit(samples(N))).rejects.toThrow('boom');
    expect(Math.random).toBe(original);
  });

  it('serves user code between the steps as ever', async () => {
    const drawn = vi.spyOn(Math, 'random').mockReturnValue(0.123);
    try {
      const seen: number[] = [];
      const trainer = createTrainer({
        model: stack(tf.layers.dropout({rate: 0.5})),
        loss: 'meanSquaredError',
        optimizer: tf.train.sgd(0.1),
        captures: [
          {
            name: 'drawing',
            when: () => true,
            measure: () => {
              seen.push(Math.random());
              return {};
            },
          },
        ],
      });
      trainer.events$.subscribe(() => seen.push(Math.random()));
      await trainer.fit(samples(N), {epochs: 2});
      expect(new Set(seen)).toEqual(new Set([0.123]));
    } finally {
      drawn.mockRestore();
    }
  });

  it('comes back when what runs with it throws', () => {
    const original = Math.random;
    expect(() =>
      withSeededMathRandom(1, () => {
        throw new Error('boom');
      }),
    ).toThrow('boom');
    expect(Math.random).toBe(original);
  });
});

describe('the generator', () => {
  it('gives numbers in [0, 1) with mean 1/2 and variance 1/12', () => {
    const random = seededRandom(3);
    const drawn = Array.from({length: 20_000}, random);
    const mean = drawn.reduce((a, b) => a + b) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(mean).toBeCloseTo(0.5, 1.9);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it('permutes evenly: each of 24 orders of 4 about as often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 24_000; seed++) {
      const order = permutation(4, mixSeeds(seed, 1)).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeLessThan(49.7); // 99.9 % of 23 degrees of freedom.
  });

  it('mixes order and value of all parts', () => {
    const mixed = [
      mixSeeds(1, 2),
      mixSeeds(2, 1),
      mixSeeds(1, 2, 0),
      mixSeeds(1),
      mixSeeds(0),
      mixSeeds(0, 0),
    ];
    expect(new Set(mixed).size).toBe(mixed.length);
  });
});

describe('the seed', () => {
  it('stands in the event, and is 0 unless given', async () => {
    const trainer = createTrainer({model: mlp(), loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1)});
    const events = record(trainer);
    await trainer.fit(samples(N));
    expect(events[0]).toMatchObject({type: 'runBegin', seed: 0});
  });
});
