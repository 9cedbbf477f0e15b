import {
  checkInit,
  constant,
  dataDependent,
  fixup,
  heNormal,
  lsuv,
  randomNormal,
  reinitialize,
} from '@gradwire/init';
import {residual} from '@gradwire/layers';
import {createTrainer} from '@gradwire/trainer';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

const WIDTH = 8;

/** Twelve hidden layers of tanh, with weights so small that signals vanish on their way. */
function deep(): tf.Sequential {
  const model = tf.sequential();
  for (let i = 0; i < 12; i++) {
    model.add(tf.layers.dense({units: WIDTH, activation: 'tanh', inputShape: [WIDTH]}));
  }
  model.add(tf.layers.dense({units: 1}));
  reinitialize(model, {'**/kernel': randomNormal({stddev: 0.05})}, {seed: 1});
  return model;
}

/** A linear function of random inputs. */
function data(): {x: tf.Tensor; y: tf.Tensor} {
  const x = tf.randomNormal([64, WIDTH], 0, 1, 'float32', 7);
  return {x, y: tf.slice(x, [0, 0], [-1, 1])};
}

async function lossAfter(model: tf.LayersModel, epochs: number): Promise<number> {
  const {x, y} = data();
  const trainer = createTrainer({model, loss: 'meanSquaredError', optimizer: tf.train.sgd(0.05), seed: 1});
  const {history} = await trainer.fit({x, y}, {epochs, batchSize: 16});
  return history['loss']!.at(-1)!;
}

/** A stem, eight residual blocks of two layers and an output layer. */
function residualNetwork(): tf.Sequential {
  const model = tf.sequential({layers: [tf.layers.dense({units: WIDTH, inputShape: [WIDTH]})]});
  for (let i = 0; i < 8; i++) {
    model.add(
      residual([tf.layers.dense({units: WIDTH, activation: 'relu'}), tf.layers.dense({units: WIDTH})]),
    );
  }
  model.add(tf.layers.dense({units: 1}));
  return model;
}

describe('a deep network whose signals vanish', () => {
  it('learns nothing as it is', async () => {
    expect(await lossAfter(deep(), 20)).toBeGreaterThan(0.9);
  });

  it('learns after lsuv', async () => {
    const model = deep();
    await lsuv(model, data().x, {seed: 1});
    expect(await lossAfter(model, 20)).toBeLessThan(0.5);
  });

  it('learns after dataDependent', async () => {
    const model = deep();
    await dataDependent(model, data().x, {initializer: heNormal(), seed: 1});
    expect(await lossAfter(model, 20)).toBeLessThan(0.5);
  });
});

describe('lsuv on residual layers of @gradwire/layers', () => {
  it('scales the layers of every block', async () => {
    const report = await lsuv(residualNetwork(), data().x, {seed: 1, tolerance: 1e-3});
    expect(report).toHaveLength(18);
    expect(report.map(({variance}) => variance)).toBeAllclose(1, {rtol: 0, atol: 1e-3});
  });
});

describe('fixup on residual layers of @gradwire/layers', () => {
  it('scales the first layer of every block, and makes the second zero', () => {
    const report = fixup(residualNetwork(), {seed: 1});
    const scale = 8 ** (-1 / 2);
    expect(report.map((layer) => layer.scale)).toEqual([
      1,
      ...Array.from({length: 8}, () => [scale, 0]).flat(),
      0,
    ]);
  });

  it('leaves projections at scale 1', () => {
    const model = tf.sequential({
      layers: [residual([tf.layers.dense({units: 3}), tf.layers.dense({units: 3})], {inputShape: [WIDTH]})],
    });
    const report = fixup(model);
    expect(report.map(({scale}) => scale).toSorted()).toEqual([0, 1, 1]);
    expect(report.find(({layer}) => layer.endsWith('projection'))).toMatchObject({scale: 1, branch: ''});
  });

  it('makes every block hand on its input', async () => {
    const model = residualNetwork();
    fixup(model, {seed: 1});
    const sums = Object.entries(await checkInit(model, data().x)).filter(([name]) => name.endsWith('/sum'));
    expect(sums).toHaveLength(8);
    expect(sums.map(([, {forward}]) => forward)).toBeAllclose(sums[0]![1].forward, {rtol: 0});
  });

  it('leaves a network that learns', async () => {
    const model = residualNetwork();
    fixup(model, {seed: 1});
    expect(await lossAfter(model, 20)).toBeLessThan(0.2);
  });
});

describe('a seed', () => {
  it('makes initialisation and training the same again', async () => {
    const run = (): Promise<number> => {
      const model = residualNetwork();
      reinitialize(model, {'**/kernel': heNormal(), '**/bias': constant({value: 0})}, {seed: 42});
      return lossAfter(model, 2);
    };
    expect(await run()).toBe(await run());
  });
});
