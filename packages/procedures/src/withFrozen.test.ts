import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {createTrainer} from '@gradwire/trainer';
import {
  body,
  changed,
  head,
  normalizedBody,
  samples,
  trainableOf,
  training,
  useCpu,
  weightsOf,
} from '../fixtures/training.js';
import {replaceTop} from './index.js';
import {withFrozen} from './withFrozen.js';

useCpu();

async function fit(model: tf.LayersModel): Promise<string[]> {
  const before = weightsOf(model);
  const trainer = createTrainer({loss: training.loss, model, optimizer: training.optimizer()});
  await trainer.fit(samples(), {batchSize: 4});
  trainer.dispose();
  return changed(before, weightsOf(model));
}

describe('withFrozen', () => {
  it('trains the other layers only', async () => {
    const model = body([4, 4, 1]);
    const moved = await withFrozen(model.layers.slice(0, 2), () => fit(model));
    expect(moved).toEqual(['c/kernel', 'c/bias']);
  });

  it('stops the moving averages of batch normalisation, which trainable = false does not', async () => {
    const model = replaceTop(normalizedBody(), {drop: 0, layers: [head()]});
    const averages = ['aNorm/moving_mean', 'aNorm/moving_variance'];
    const layers = model.layers.filter(({name}) => name.startsWith('a'));
    expect(await withFrozen(layers, () => fit(model))).not.toEqual(expect.arrayContaining(averages));
    for (const layer of layers) layer.trainable = false;
    expect(await fit(model)).toEqual(expect.arrayContaining(averages));
  });

  it('brings back what was trainable, weights that were frozen alone included', async () => {
    const model = body();
    model.layers[0]!.weights[1]!.trainable = false;
    model.layers[1]!.trainable = false;
    const before = trainableOf(model);
    await withFrozen(model.layers, async () => {
      expect(Object.values(trainableOf(model))).not.toContain(true);
    });
    expect(trainableOf(model)).toEqual(before);
    expect(model.layers.map(({trainable}) => trainable)).toEqual([true, false, true]);
  });

  it('brings it back when something throws', async () => {
    const model = body();
    const before = trainableOf(model);
    const failing = withFrozen(model.layers, async () => {
      throw new Error('boom');
    });
    await expect(failing).rejects.toThrow('boom');
    expect(trainableOf(model)).toEqual(before);
    expect(model.layers.filter((layer) => Object.hasOwn(layer, 'call'))).toEqual([]);
  });

  it('freezes recurrent and nested layers, too', async () => {
    const nested = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [3], name: 'inner'})]});
    const model = tf.sequential({
      layers: [
        tf.layers.repeatVector({n: 2, inputShape: [3]}),
        tf.layers.lstm({units: 3, name: 'lstm'}),
        nested,
        tf.layers.dense({units: 1, name: 'out'}),
      ],
    });
    const moved = await withFrozen(model.layers.slice(0, 3), () => fit(model));
    expect(moved).toEqual(['out/kernel', 'out/bias']);
  });
});
