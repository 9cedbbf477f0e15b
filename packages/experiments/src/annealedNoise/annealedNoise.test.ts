import type {CaptureEvent} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import torch from '../../fixtures/annealedNoise.json' with {type: 'json'};
import {composeOn, fitAll} from '../../fixtures/compose.js';
import {waveImages} from '../../fixtures/imageSet.js';
import {useCpu} from '../../fixtures/useCpu.js';
import {setWaves, wave, waveBatch} from '../../fixtures/wave.js';
import {annealedNoise} from './annealedNoise.js';
import type {AnnealedNoiseOptions} from './annealedNoiseOptions.js';

useCpu();

const images = waveImages({train: 83, test: 30});
const small = {neurons: [6, 5], batchSize: 16, epochs: 2} as const;
const compose = (options: Partial<AnnealedNoiseOptions> = {}, seed = 1) =>
  composeOn(annealedNoise, images, {...small, ...options}, seed);

/** The captures of a name while all stages run. */
async function capturesOf(options: Partial<AnnealedNoiseOptions>, name: string): Promise<CaptureEvent[]> {
  const training = await compose(options);
  const events: CaptureEvent[] = [];
  training.stages[0]!.trainer.events$.subscribe((event) => {
    if (event.type === 'capture' && event.capture === name) events.push(event);
    if (event.type === 'captureFailed') throw new Error(event.error.message);
  });
  await fitAll(training);
  training.dispose();
  return events;
}

async function weightsOf(options: Partial<AnnealedNoiseOptions>): Promise<tf.LayersModel['weights']> {
  return (await compose(options)).stages[0]!.model.weights;
}

describe('annealedNoise', () => {
  it('has the parameters of the published networks', async () => {
    const parameters = async (options: Partial<AnnealedNoiseOptions>) => {
      const full = {...images, train: {...images.train, images: new Uint8Array(83 * 784)}};
      const {stages} = await composeOn(annealedNoise, full, {...options, batchSize: 16});
      return stages[0]!.model.countParams();
    };
    expect(await parameters({})).toBe(669_706);
    expect(await parameters({batchNorm: true})).toBe(669_706 + 4 * 512);
    expect(await parameters({neurons: [512, 512, 256, 256, 128]})).toBe(895_882);
  });

  it.each(['logistic', 'tanh', 'relu', 'leaky_relu', 'swish'] as const)('knows %s', async (activation) => {
    const {model} = (await compose({activation})).stages[0]!;
    setWaves(model);
    const [kernel, bias] = [wave([8, 6], 0, 2 / Math.sqrt(8)), wave([6], 0, 0.1)];
    const {x} = waveBatch();
    const z = tf.add(tf.matMul(x, kernel as tf.Tensor2D), bias);
    const expected = {
      logistic: () => tf.sigmoid(z),
      tanh: () => tf.tanh(z),
      relu: () => tf.relu(z),
      leaky_relu: () => tf.maximum(z, tf.mul(z, 0.2)),
      swish: () => tf.mul(z, tf.sigmoid(z)),
    }[activation]();
    const layer = model.getLayer(activation === 'leaky_relu' ? 'hidden1_leaky' : 'hidden1');
    const lower = tf.model({inputs: model.inputs, outputs: layer.output as tf.SymbolicTensor});
    const difference = tf.max(tf.abs(tf.sub(lower.predict(x) as tf.Tensor, expected)));
    expect(difference.dataSync()[0]).toBeLessThan(1e-6);
  });

  it('begins with kernels within the bound of Glorot, equal ones nowhere, and zero biases', async () => {
    const [first, bias, second] = (await weightsOf({neurons: [8, 8]})).map((weight) =>
      weight.read().dataSync(),
    );
    const bound = Math.sqrt(6 / 16);
    expect(Math.max(...first!.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...first!.map(Math.abs))).toBeGreaterThan(0.8 * bound);
    expect(second).not.toEqual(first);
    expect(new Set(bias)).toEqual(new Set([0]));
  });

  it('has one batch normalisation, between the last activation and the output', async () => {
    const {model} = (await compose({batchNorm: true})).stages[0]!;
    expect(model.layers.map(({name}) => name)).toEqual(['images', 'hidden1', 'hidden2', 'norm', 'output']);
  });

  it('takes as many steps an epoch as there are whole batches', async () => {
    const training = await compose();
    await fitAll(training);
    expect(training.stages[0]!.trainer.optimizer.iterations).toBe(2 * 5);
  });

  it.each(Object.entries(torch.steps))('agrees with PyTorch on %s', async (name, {losses, rms}) => {
    const options: Record<string, Partial<AnnealedNoiseOptions>> = {
      swish: {activation: 'swish'},
      'leaky_relu, double softmax': {activation: 'leaky_relu', doubleSoftmax: true},
      'tanh, batch norm as coded': {activation: 'tanh', batchNorm: true},
      'logistic, batch norm': {activation: 'logistic', batchNorm: true, batchNormMode: 'training'},
    };
    const {model, trainer} = (await compose(options[name])).stages[0]!;
    setWaves(model);
    const sizes: number[] = [];
    trainer.events$.subscribe((event) => {
      if (event.type !== 'capture' || event.capture !== 'gradientStats/final' || event.epoch > 0) return;
      for (const {mean, std} of Object.values(event.values)) sizes.push(Math.hypot(mean!, std!));
    });
    const {history} = await trainer.fit(waveBatch(), {epochs: 3, batchSize: 16, shuffle: false});
    history['loss']!.forEach((loss, step) => expect(loss).toBeCloseTo(losses[step]!, 5));
    sizes.forEach((size, layer) => expect(size / rms[layer]!).toBeCloseTo(1, 4));
    expect(sizes).toHaveLength(rms.length);
  });

  it('adds noise whose deviation falls per epoch to every gradient, of batch normalisation too', async () => {
    const big = {neurons: [40, 40], noise: true, batchNorm: true, epochs: 5};
    const events = await capturesOf(big, 'gradientStats/final');
    const deviations = events.map(({values}) => Object.values(values)[1]!['std']!);
    for (const [epoch, deviation] of [1, 0.683, 0.5465, 0.4665, 0.4126].entries()) {
      expect(deviations[epoch]! / deviation).toBeCloseTo(1, 1);
    }
  });

  it('gives noise to biases and batch normalisation too', async () => {
    const training = await compose({noise: true, batchNorm: true});
    const weights = training.stages[0]!.model.trainableWeights;
    const values = () => weights.map((weight) => [...weight.read().dataSync()]);
    const before = values();
    await fitAll(training);
    const moves = values().map((now, i) =>
      Math.max(...now.map((value, k) => Math.abs(value - before[i]![k]!))),
    );
    expect(moves).toHaveLength(8);
    expect(Math.min(...moves)).toBeGreaterThan(1e-3);
  });

  it('adds no noise unless asked to', async () => {
    const [raw] = await capturesOf({}, 'gradientStats');
    const [final] = await capturesOf({}, 'gradientStats/final');
    expect(Object.values(final!.values)[0]).toEqual(Object.values(raw!.values)[0]);
  });

  it('leaves the moving statistics of the batch normalisation alone, as published', async () => {
    const moved = async (batchNormMode: 'inference' | 'training') => {
      const training = await compose({batchNorm: true, batchNormMode});
      await fitAll(training);
      const {model} = training.stages[0]!;
      return model
        .getLayer('norm')
        .getWeights()
        .slice(2)
        .some((value, i) => value.dataSync().some((entry) => entry !== i));
    };
    expect(await moved('inference')).toBe(false);
    expect(await moved('training')).toBe(true);
  });

  it('cannot get below ln(e + 9) − 1 with two softmaxes', async () => {
    const {model, trainer} = (await compose({doubleSoftmax: true, neurons: [5]})).stages[0]!;
    const {x} = waveBatch();
    const y = tf.tile(tf.oneHot(tf.tensor1d([3], 'int32'), 10), [16, 1]);
    const certain = tf.mul(tf.oneHot(3, 10), 1000);
    model.getLayer('output').setWeights([tf.zeros([5, 10]), certain]);
    const {loss} = await trainer.evaluate({x, y});
    expect(loss).toBeCloseTo(Math.log(Math.E + 9) - 1, 6);
    expect(loss).toBeCloseTo(1.4612, 4);
  });

  it('measures at the beginning of every epoch', async () => {
    for (const name of ['gradientStats', 'histograms/gradients/final', 'weightStats', 'chainNorms']) {
      const events = await capturesOf({noise: true}, name);
      expect(events.map(({epoch}) => epoch)).toEqual([0, 1]);
    }
  });

  it('tells what became of the network', async () => {
    const training = await compose({epochs: 1});
    const logs = await fitAll(training);
    const figures = await training.evaluate(logs);
    expect(Object.keys(figures)).toEqual(['test_loss', 'test_acc', 'classes', 'train_loss_sum']);
    expect(figures['train_loss_sum']).toBeCloseTo(5 * logs[0]!['loss']!, 6);
  });

  it('counts one class of a network that gives one to all', async () => {
    const training = await compose();
    const output = training.stages[0]!.model.getLayer('output');
    output.setWeights([tf.zeros([5, 10]), tf.oneHot(7, 10).toFloat()]);
    const {classes, test_acc} = await training.evaluate();
    expect([classes, test_acc]).toEqual([1, expect.closeTo(0.1, 6)]);
  });

  it('perturbs the training images only', async () => {
    const training = await compose();
    const data = training.stages[0]!.data as (epoch: number) => Iterable<{xs: tf.Tensor2D}>;
    const [{xs}] = [...data(0)] as [{xs: tf.Tensor2D}];
    expect([...xs.dataSync()].every((pixel) => Number.isInteger(Math.round(pixel * 255 * 1e3) / 1e3))).toBe(
      false,
    );
    setWaves(training.stages[0]!.model);
    const clean = await training.evaluate();
    training.dispose();
    const other = await compose({}, 2);
    setWaves(other.stages[0]!.model);
    expect(await other.evaluate()).toEqual(clean);
  });

  it('gives the same training for the same seed, and another for another', async () => {
    const run = async (seed: number) => {
      const training = await compose({noise: true}, seed);
      await fitAll(training);
      return training.evaluate();
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
  });

  it('frees everything', async () => {
    const before = tf.memory().numTensors;
    const training = await compose({noise: true, batchNorm: true, activation: 'leaky_relu'});
    await fitAll(training);
    await training.evaluate();
    training.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has the published flags', () => {
    const {neurons, activation, batchSize, epochs} = annealedNoise.flags;
    expect([neurons.short, activation.short, batchSize.short, epochs.short]).toEqual(['n', 'a', 'b', 'e']);
    expect(batchSize.long).toBe('batch_size');
  });

  it('names a flag that cannot be', () => {
    const {activation, neurons} = annealedNoise.flags;
    expect(() => activation.read('sigmoid', '--activation')).toThrow(
      '--activation must be one of logistic, tanh, relu, leaky_relu, swish, got sigmoid.',
    );
    expect(() => neurons.read(['512', '0'], '--neurons')).toThrow(
      '--neurons must be a whole number >= 1, got 0.',
    );
  });

  it('rejects options that do not go together', async () => {
    await expect(compose({batchNormMode: 'training'})).rejects.toThrow(
      new RangeError('--batch-norm-mode training needs --batch-norm.'),
    );
    await expect(compose({batchSize: 84})).rejects.toThrow(
      new RangeError('--batch_size must be at most the number of training images, 83, got 84.'),
    );
  });
});
