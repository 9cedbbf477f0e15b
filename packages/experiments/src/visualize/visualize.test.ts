import type {CaptureEvent, TrainingEvent} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import type {Flag} from '../flag.js';
import type {Setting} from '../setting.js';
import {onceAnEpochAndLast} from './onceAnEpochAndLast.js';
import {visualize} from './visualize.js';
import type {VisualizeOptions} from './visualizeOptions.js';

const published: VisualizeOptions = {
  activation: 'sigmoid',
  hidden: [5, 5, 5, 5],
  optimizer: 'rmsprop',
  init: 'normal',
  epochs: 100,
};

function setting(seed = 1, events: TrainingEvent[] = []): Setting {
  return {
    seed,
    consumers: [(events$) => events$.subscribe((event) => events.push(event))],
    images: () => Promise.reject(new Error('no images are needed')),
  };
}

const compose = (
  options: Partial<VisualizeOptions> = {},
  seed?: number,
): ReturnType<typeof visualize.compose> => visualize.compose({...published, ...options}, setting(seed));

/** Trains, and gives all events, the figures, and how many tensors are left. */
async function trained(options: Partial<VisualizeOptions>): Promise<{
  events: TrainingEvent[];
  figures: Readonly<Record<string, number>>;
  leaked: number;
}> {
  const before = tf.memory().numTensors;
  const events: TrainingEvent[] = [];
  const training = await visualize.compose({...published, ...options}, setting(1, events));
  const {trainer, data, options: fitOptions} = training.stages[0]!;
  await trainer.fit(data, fitOptions);
  const figures = await training.evaluate();
  await training.boundary!();
  training.dispose();
  return {events, figures, leaked: tf.memory().numTensors - before};
}

describe('visualize', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('has the published flags as defaults', () => {
    const defaults = Object.entries(visualize.flags).map(([name, flag]) => [
      name,
      (flag as Flag<unknown>).default,
    ]);
    expect(Object.fromEntries(defaults)).toEqual(published);
  });

  it('builds the network of make_mlp, 2-5-5-5-5-1, without any image set', async () => {
    const training = await compose();
    const {model} = training.stages[0]!;
    expect(model.countParams()).toBe(15 + 3 * 30 + 6);
    expect(model.layers.map((layer) => (layer.getConfig() as {activation: string}).activation)).toEqual([
      ...Array.from({length: 4}, () => 'sigmoid'),
      'sigmoid',
    ]);
    training.dispose();
  });

  it.each([
    [[5], 21],
    [[5, 5, 5], 81],
    [[8, 2], 45],
  ])('builds hidden layers of %j units with %i parameters', async (hidden, parameters) => {
    const training = await compose({hidden, activation: 'tanh'});
    expect(training.stages[0]!.model.countParams()).toBe(parameters);
    training.dispose();
  });

  it('draws kernels from N(0, 1) by the seed, and leaves biases at 0', async () => {
    const [wide, same, other] = await Promise.all([
      compose({hidden: [400]}, 3),
      compose({hidden: [400]}, 3),
      compose({hidden: [400]}, 4),
    ]);
    const [kernel, bias] = weightsOf(wide);
    const mean = kernel!.reduce((sum, w) => sum + w, 0) / kernel!.length;
    const std = Math.sqrt(kernel!.reduce((sum, w) => sum + (w - mean) ** 2, 0) / kernel!.length);
    expect(std).toBeGreaterThan(0.93);
    expect(std).toBeLessThan(1.07);
    expect(new Set(bias)).toEqual(new Set([0]));
    expect(weightsOf(same)).toEqual([kernel, ...weightsOf(wide).slice(1)]);
    expect(weightsOf(other)[0]).not.toEqual(kernel);
    for (const training of [wide, same, other]) training.dispose();
  });

  it('keeps Glorot’s kernels within ±√(6 / (in + out))', async () => {
    const training = await compose({init: 'glorot', hidden: [100]});
    const limit = Math.sqrt(6 / 102);
    const largest = Math.max(...weightsOf(training)[0]!.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(0.95 * limit);
    training.dispose();
  });

  it('learns from the points of scikit-learn’s make_circles with seed 42', async () => {
    const training = await compose();
    const {x, y} = training.stages[0]!.data as {x: tf.Tensor2D; y: tf.Tensor2D};
    expect([x.shape, y.shape]).toEqual([
      [1000, 2],
      [1000, 1],
    ]);
    const points = x.arraySync();
    expect(points[0]).toEqual([0.4224939515269985, 0.20644586260848452].map(Math.fround));
    expect(points[4]).toEqual([0.45408869508997035, -0.890465859651806].map(Math.fround));
    expect([...y.dataSync()].slice(0, 20).join('')).toBe('11110111101011110110');
    training.dispose();
  });

  describe('a training of 2 epochs', () => {
    let result: Awaited<ReturnType<typeof trained>>;
    beforeAll(async () => {
      result = await trained({epochs: 2, activation: 'tanh'});
    });
    const captured = (capture: string): CaptureEvent[] =>
      result.events.filter(
        (event): event is CaptureEvent => event.type === 'capture' && event.capture === capture,
      );

    it('records kernel gradients at the first batch of each epoch and at the very last batch', () => {
      const records = captured('gradientStats');
      expect(records.map(({step}) => step)).toEqual([0, 32, 63]);
      expect(Object.keys(records[0]!.values)).toHaveLength(5);
    });

    it('records kernels before the first epoch and after each', () => {
      const snapshots = captured('weightSnapshots');
      expect(snapshots.map(({step}) => step)).toEqual([0, 32, 64]);
      expect(Object.values(snapshots[0]!.arrays).map((array) => array?.values?.length)).toEqual([
        10, 25, 25, 25, 5,
      ]);
    });

    it('takes 32 steps in an epoch, the last one with 8 points', () => {
      const sizes = result.events.flatMap((event) => (event.type === 'step' ? [event.size] : []));
      expect(sizes).toEqual([0, 1].flatMap(() => [...Array.from({length: 31}, () => 32), 8]));
    });

    it('ends in loss and accuracy on all points', () => {
      expect(Object.keys(result.figures)).toEqual(['loss', 'acc']);
      expect(result.figures['acc']! * 1000).toBeCloseTo(Math.round(result.figures['acc']! * 1000), 3);
    });

    it('leaves no tensors behind', () => {
      expect(result.leaked).toBe(0);
    });

    it('fails no capture', () => {
      expect(result.events.filter(({type}) => type === 'captureFailed')).toEqual([]);
    });
  });

  it('records 101 gradients in the published 100 epochs', () => {
    const isDue = onceAnEpochAndLast({epochs: 100, batches: 32});
    const steps = Array.from({length: 3200}, (_, step) => step);
    const due = steps.filter((step) => isDue(step, {epoch: Math.floor(step / 32), batch: step % 32}));
    expect(due).toHaveLength(101);
    expect(due.slice(-3)).toEqual([98 * 32, 99 * 32, 3199]);
  });

  it('asks the model for the class of every point of a grid around the data', async () => {
    const training = await compose({activation: 'relu'});
    const {xs, ys, classes, points} = await training.boundary!();
    expect(classes).toHaveLength(xs.length * ys.length);
    expect(Math.min(...xs)).toBeCloseTo(Math.min(...points.map(({x}) => x)) - 0.25, 6);
    expect(points).toHaveLength(1000);
    expect(new Set(points.map(({label}) => label))).toEqual(new Set([0, 1]));
    const {model} = training.stages[0]!;
    const at = 7 * xs.length + 11;
    const outputs = tf.tidy(() => (model.predict(tf.tensor2d([[xs[11]!, ys[7]!]])) as tf.Tensor).dataSync());
    expect(classes[at]).toBe(outputs[0]! > 0.5 ? 1 : 0);
    training.dispose();
  });

  it.each([
    ['activation', 'swish', '--activation must be one of sigmoid, tanh, relu, got swish.'],
    ['hidden', ['5', '0'], '--hidden must be a whole number >= 1, got 0.'],
    ['optimizer', 'sgd', '--optimizer must be one of rmsprop, adam, got sgd.'],
    ['init', 'he', '--init must be one of normal, glorot, got he.'],
    ['epochs', '1.5', '--epochs must be a whole number >= 1, got 1.5.'],
  ] as const)('names the flag --%s when it cannot be read', (option, value, message) => {
    expect(() => visualize.flags[option].read(value, `--${option}`)).toThrow(new RangeError(message));
  });
});

function weightsOf(training: Awaited<ReturnType<typeof compose>>): number[][] {
  return training.stages[0]!.model.getWeights().map((weight) => [...weight.dataSync()]);
}
