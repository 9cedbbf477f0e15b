import {gradientMagnitude} from '@gradwire/capture';
import {every} from '@gradwire/core';
import {spiral} from '@gradwire/datasets';
import {constant, randomNormal, reinitialize} from '@gradwire/init';
import {sgd} from '@gradwire/optimizers';
import {toBeAllclose} from '@gradwire/testing';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {expectNormal, meanOf} from './draws.js';
import {expectRows} from './expectRows.js';
import {capturesOf, logitsLoss, stepsOf, values} from './trainings.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));

const {dense} = tf.layers;

describe('the CS231n spiral', () => {
  it('spiral data: 100 points a class, noise 0.2, seed 0', () => {
    const {x, y} = spiral({pointsPerClass: 100, classes: 3, noise: 0.2, seed: 0});
    const rows = x.arraySync();
    expect(rows[1]).toBeAllclose([0.0012135812756681982, 0.010027842517114818], {rtol: 1e-5});
    expect(rows[150]).toBeAllclose([-0.13793781591089843, 0.48584891848547046], {rtol: 1e-6});
    expect(rows[299]).toBeAllclose([-0.47270638487404987, 0.8812199916588971], {rtol: 1e-6});
    expect(values(y).filter((label) => label === 1)).toHaveLength(100);
  });

  const REG = 1e-3;
  const net = (activation: 'relu' | 'sigmoid', kernelRegularizer?: ReturnType<typeof tf.regularizers.l2>) => {
    const regularizer = kernelRegularizer === undefined ? {} : {kernelRegularizer};
    const model = tf.sequential({
      layers: [
        dense({units: 5, activation, inputShape: [2], name: 'first', ...regularizer}),
        dense({units: 4, activation, name: 'second', ...regularizer}),
        dense({units: 3, name: 'third', ...regularizer}),
      ],
    });
    reinitialize(
      model,
      {'**/kernel': randomNormal({stddev: 0.1}), '**/bias': constant({value: 0})},
      {seed: 1},
    );
    return model;
  };
  const data = () => {
    const {x, y} = spiral({pointsPerClass: 4});
    return {x, y: tf.oneHot(y, 3).toFloat()};
  };

  /** The same net by hand, in float64: forward, backward, update. Returns weights, loss and the measure after each step. */
  function twin(
    weights: number[][][],
    x: number[][],
    labels: number[],
    activation: 'relu' | 'sigmoid',
    steps: number,
  ) {
    const product = (a: number[][], b: number[][]) =>
      a.map((row) => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
    const turn = (a: number[][]) => a[0]!.map((_, j) => a.map((row) => row[j]!));
    const act = (v: number) => (activation === 'relu' ? Math.max(0, v) : 1 / (1 + Math.exp(-v)));
    const slope = (h: number) => (activation === 'relu' ? Number(h > 0) : h * (1 - h));
    const kernels = weights.map((kernel) => kernel.map((row) => [...row]));
    const biases = kernels.map((kernel) => kernel[0]!.map(() => 0));
    const measures: number[][] = [];
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const hidden = [x];
      for (const [l, kernel] of kernels.entries()) {
        const z = product(hidden.at(-1)!, kernel).map((row) => row.map((v, j) => v + biases[l]![j]!));
        hidden.push(l === 2 ? z : z.map((row) => row.map(act)));
      }
      const shares = hidden[3]!.map((row) => {
        const sum = row.reduce((a, v) => a + Math.exp(v), 0);
        return row.map((v) => Math.exp(v) / sum);
      });
      const squares = kernels.flat(2).reduce((sum, w) => sum + w * w, 0);
      losses.push(meanOf(shares.map((row, i) => -Math.log(row[labels[i]!]!))) + 0.5 * REG * squares);
      let delta = shares.map((row, i) => row.map((p, j) => (p - Number(j === labels[i]!)) / x.length));
      const grads: number[][][] = [];
      const steepness: number[][] = [];
      for (const l of [2, 1, 0]) {
        grads[l] = product(turn(hidden[l]!), delta);
        steepness[l] = turn(delta).map((column) => column.reduce((a, b) => a + b, 0));
        const back = product(delta, turn(kernels[l]!));
        delta = back.map((row, i) => row.map((v, j) => v * slope(hidden[l]![i]![j]!)));
      }
      measures.push(
        grads.map((g) => g.flat().reduce((sum, v) => sum + Math.abs(v), 0) / (g.length + g[0]!.length)),
      );
      for (const l of [0, 1, 2]) {
        kernels[l] = kernels[l]!.map((row, i) => row.map((w, j) => w - 0.1 * (grads[l]![i]![j]! + REG * w)));
        biases[l] = biases[l]!.map((b, j) => b - 0.1 * steepness[l]![j]!);
      }
    }
    return {kernels, biases, measures, losses};
  }

  const train = async (model: tf.LayersModel, optimizer: tf.Optimizer) => {
    const {x, y} = data();
    const initial = model
      .getWeights()
      .filter(({rank}) => rank === 2)
      .map((kernel) => kernel.arraySync() as number[][]);
    const trainer = createTrainer({
      model,
      loss: logitsLoss,
      optimizer,
      captures: [gradientMagnitude({when: every(1), parameters: '**/kernel'})],
    });
    const [captures, steps] = [capturesOf(trainer), stepsOf(trainer)];
    await trainer.fit({x, y}, {epochs: 5, batchSize: 12, shuffle: false});
    const measures = captures.map(({values: measured}) =>
      Object.values(measured).map((m) => m['sumAbsPerShape']!),
    );
    const labels = values(tf.argMax(y, 1));
    const final = model.getWeights().flatMap(values);
    return {
      initial,
      x: x.arraySync() as number[][],
      labels,
      measures,
      losses: steps.map(({loss}) => loss!),
      final,
    };
  };
  const flat = ({kernels, biases}: ReturnType<typeof twin>) =>
    kernels.flatMap((kernel, l) => [...kernel.flat(), ...biases[l]!]);

  it('weights 0.1 · randn, biases 0', () => {
    expectNormal(randomNormal({stddev: 0.1}), 0.1);
    expect(net('relu').getWeights()[1]).toBeAllclose(0);
  });

  it('full-batch descent, rate 0.1, ½ · 1e-3 · Σw² in the loss, on weights only', async () => {
    for (const activation of ['relu', 'sigmoid'] as const) {
      const model = net(activation, tf.regularizers.l2({l2: 0.5 * REG}));
      const run = await train(model, tf.train.sgd(0.1));
      const expected = twin(run.initial, run.x, run.labels, activation, 5);
      expect(run.losses).toBeAllclose(expected.losses, {rtol: 1e-5});
      expect(run.final).toBeAllclose(flat(expected), {rtol: 1e-4, atol: 1e-7});
    }
  });

  it('Σ|dW| / Σ shape of the gradient before 1e-3 · W is added', async () => {
    for (const activation of ['relu', 'sigmoid'] as const) {
      const optimizer = sgd({
        learningRate: 0.1,
        weightDecay: REG,
        groups: [{select: '**/bias', weightDecay: 0}],
      });
      const run = await train(net(activation), optimizer);
      const expected = twin(run.initial, run.x, run.labels, activation, 5);
      expect(run.measures.flat()).toBeAllclose(expected.measures.flat(), {rtol: 1e-4});
      expect(run.final).toBeAllclose(flat(expected), {rtol: 1e-4, atol: 1e-7});
    }
  });

  it('ReLU’s gradient is 0 where the activation is ≤ 0', () => {
    expect(tf.grad((x) => tf.sum(tf.relu(x)))(tf.tensor1d([-1, 0, 2]))).toBeAllclose([0, 0, 1]);
  });
});

it('all of these are rows of docs/techniques.md, and the other way round', ({task}) => {
  expectRows('the CS231n spiral', task.file.tasks);
});
