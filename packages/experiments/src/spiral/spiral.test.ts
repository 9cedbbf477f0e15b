import type {CaptureEvent, TrainingEvent} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import reference from '../../fixtures/spiral.json' with {type: 'json'};
import type {Setting} from '../setting.js';
import {softmaxCrossentropy} from './softmaxCrossentropy.js';
import {spiral} from './spiral.js';
import {spiralCells} from './spiralCells.js';
import type {SpiralOptions} from './spiralOptions.js';

const ACTIVATIONS = ['sigmoid', 'relu'] as const;

function setting(seed = 0, events: TrainingEvent[] = []): Setting {
  return {
    seed,
    consumers: [(events$) => events$.subscribe((event) => events.push(event))],
    images: () => Promise.reject(new Error('no images are needed')),
  };
}

const compose = (options: Partial<SpiralOptions>, seed?: number): ReturnType<typeof spiral.compose> =>
  spiral.compose({activation: 'sigmoid', iterations: 3, ...options}, setting(seed));

function kernelsOf(training: Awaited<ReturnType<typeof compose>>): Float32Array[] {
  const weights = training.stages[0]!.model.getWeights();
  return weights.filter(({rank}) => rank === 2).map((kernel) => kernel.dataSync() as Float32Array);
}

/** Of the first batch. */
function pointsOf(training: Awaited<ReturnType<typeof compose>>): Float32Array {
  const batches = training.stages[0]!.data as (epoch: number) => Iterable<{xs: tf.Tensor; ys: tf.Tensor}>;
  for (const {xs, ys} of batches(0)) {
    const points = xs.dataSync() as Float32Array;
    tf.dispose([xs, ys]);
    return points;
  }
  throw new Error('there is no batch');
}

describe('spiral', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it('builds 2-50-50-3, with biases at 0', async () => {
    const training = await compose({});
    const {model} = training.stages[0]!;
    expect(model.getWeights().map(({shape}) => shape)).toEqual([[2, 50], [50], [50, 50], [50], [50, 3], [3]]);
    const biases = model.getWeights().filter(({rank}) => rank === 1);
    expect(biases.every((bias) => bias.dataSync().every((value) => value === 0))).toBe(true);
    training.dispose();
  });

  it.each([
    ['sigmoid', [-0.13065269, 0.16581307, -0.0118164]],
    ['relu', [0.0302561, 0.10923389, -0.10075549]],
  ] as const)('draws the kernels of %s from the stream that made the points', async (activation, first) => {
    const training = await compose({activation});
    const kernels = kernelsOf(training);
    first.forEach((value, i) => expect(kernels[0]![i]).toBeCloseTo(value, 7));
    kernels.forEach((kernel, i) => {
      expect(Array.from(kernel.slice(0, 3))).toEqual(
        reference.networks[activation].kernels[i]!.map(Math.fround),
      );
    });
    training.dispose();
  });

  it('draws other kernels for another seed, with the same points', async () => {
    const [one, other] = await Promise.all([compose({}, 0), compose({}, 1)]);
    expect(kernelsOf(one)[0]).not.toEqual(kernelsOf(other)[0]);
    expect(pointsOf(other)).toEqual(pointsOf(one));
    one.dispose();
    other.dispose();
  });

  it.each(ACTIVATIONS)('begins with the published loss of %s, penalty included', async (activation) => {
    const training = await compose({activation});
    const {loss} = await training.evaluate();
    expect(loss).toBeCloseTo(reference.networks[activation].records[0]!.loss, 6);
    expect(loss).toBeCloseTo(activation === 'sigmoid' ? 1.1564 : 1.1162, 4);
    training.dispose();
  });

  describe.each(ACTIVATIONS)('the first iterations with %s', (activation) => {
    const events: TrainingEvent[] = [];
    let leaked: number;
    beforeAll(async () => {
      const before = tf.memory().numTensors;
      const training = await spiral.compose({activation, iterations: 101}, setting(0, events));
      const {trainer, data, options} = training.stages[0]!;
      await trainer.fit(data, options);
      training.dispose();
      leaked = tf.memory().numTensors - before;
    });
    const magnitudes = (): CaptureEvent[] =>
      events.filter(
        (event): event is CaptureEvent => event.type === 'capture' && event.capture === 'gradientMagnitude',
      );

    it.each([0, 100])('have the gradients of NumPy at iteration %i, without the penalty', (iteration) => {
      const {gradients} = reference.networks[activation].records.find(
        (record) => record.iteration === iteration,
      )!;
      const {values} = magnitudes().find(({step}) => step === iteration)!;
      const kernels = Object.values(values);
      expect(kernels).toHaveLength(3);
      kernels.forEach((kernel, layer) => {
        expect(kernel!['sumAbsPerShape']! / gradients[layer]!).toBeCloseTo(1, 4);
      });
    });

    it('are measured every 50', () => {
      expect(magnitudes().map(({step}) => step)).toEqual([0, 50, 100]);
    });

    it('leave no tensors behind', () => {
      expect(leaked).toBe(0);
    });
  });

  it('measures the last iteration too', async () => {
    const events: TrainingEvent[] = [];
    const training = await spiral.compose({activation: 'relu', iterations: 7}, setting(0, events));
    const {trainer, data, options} = training.stages[0]!;
    await trainer.fit(data, options);
    const steps = events.flatMap((event) =>
      event.type === 'capture' && event.capture === 'gradientMagnitude' ? [event.step] : [],
    );
    expect(steps).toEqual([0, 6]);
    training.dispose();
  });

  it.each([
    [499, [499]],
    [500, [500]],
    [501, [500, 1]],
    [50_000, Array.from({length: 100}, () => 500)],
  ])('cuts %i iterations into epochs of at most 500', async (iterations, sizes) => {
    const training = await compose({iterations});
    const {data, options} = training.stages[0]!;
    const epochOf = data as (epoch: number) => Iterable<{xs: tf.Tensor; ys: tf.Tensor}>;
    const counts = Array.from({length: options.epochs}, (_, epoch) => {
      let count = 0;
      for (const {xs, ys} of epochOf(epoch)) {
        tf.dispose([xs, ys]);
        count++;
      }
      return count;
    });
    expect(counts).toEqual(sizes);
    training.dispose();
  });

  it('draws the boundary on a grid with steps of 0.02, 1 beyond the points', async () => {
    const training = await compose({activation: 'relu'});
    const {xs, ys, classes, points} = await training.boundary!();
    expect(classes).toHaveLength(xs.length * ys.length);
    expect(xs[1]! - xs[0]!).toBeCloseTo(0.02, 9);
    expect(xs[0]).toBeCloseTo(Math.min(...points.map(({x}) => x)) - 1, 9);
    expect(xs.at(-1)! + 0.02).toBeGreaterThanOrEqual(Math.max(...points.map(({x}) => x)) + 1);
    expect(points[150]).toEqual({
      x: Math.fround(-0.13793781591089843),
      y: Math.fround(0.48584891848547046),
      label: 1,
    });
    training.dispose();
  });

  it('is compared with what NumPy gave', () => {
    for (const {options, rerun, quick} of spiralCells) {
      const {accuracies} = reference.networks[options.activation!];
      const whole = accuracies['50000'];
      const short = accuracies[String(quick!.options.iterations) as '10000'];
      expect([rerun!.low, rerun!.high]).toEqual([Math.min(...whole), Math.max(...whole)]);
      expect([quick!.rerun!.low, quick!.rerun!.high]).toEqual([Math.min(...short), Math.max(...short)]);
    }
  });

  it.each([
    ['activation', 'tanh', '--activation must be one of sigmoid, relu, got tanh.'],
    ['iterations', '0', '--iterations must be a whole number >= 1, got 0.'],
  ] as const)('names the flag --%s when it cannot be read', (option, value, message) => {
    expect(() => spiral.flags[option].read(value, `--${option}`)).toThrow(new RangeError(message));
  });
});

describe('softmaxCrossentropy', () => {
  beforeAll(() => tf.setBackend('cpu'));

  const y = [
    [1, 0, 0],
    [0, 0, 1],
  ];
  const logits = [
    [0.5, -1, 2],
    [30, 0, -30],
  ];

  it('is the loss of tfjs, and so is its gradient', () => {
    tf.tidy(() => {
      const [yTrue, scores] = [tf.tensor2d(y), tf.tensor2d(logits)];
      const loss = (f: (yTrue: tf.Tensor, scores: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => f(yTrue, x);
      const ours = tf.valueAndGrad(loss(softmaxCrossentropy))(scores);
      const theirs = tf.valueAndGrad(loss((a, b) => tf.losses.softmaxCrossEntropy(a, b)))(scores);
      expect(ours.value.dataSync()[0]).toBeCloseTo(theirs.value.dataSync()[0]!, 5);
      [...ours.grad.dataSync()].forEach((value, i) => {
        expect(value).toBeCloseTo(theirs.grad.dataSync()[i]!, 6);
      });
    });
  });

  it('stays finite where a wrong class has no chance at all', () => {
    const value = tf.tidy(
      () => softmaxCrossentropy(tf.tensor2d([[1, 0]]), tf.tensor2d([[200, -200]])).dataSync()[0],
    );
    expect(value).toBeCloseTo(0, 6);
  });
});
