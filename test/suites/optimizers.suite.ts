import {clipByGlobalNorm} from '@gradwire/clipping';
import {
  type GradientOptimizer,
  registerTransforms,
  setLearningRate,
  stateless,
  transformGradients,
} from '@gradwire/core';
import * as optimizers from '@gradwire/optimizers';
import {expectNoLeaks, testTransform} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import fixture from './optimizers/fixtures/trajectories.json' with {type: 'json'};
import {begin, takeStep} from './optimizers/problem.js';
import {denseTask} from './support/models.js';
import {loaded, saved} from './support/saving.js';
import {shippedOptimizers} from './support/shippedOptimizers.js';
import {sameTraining} from './support/tolerance.js';
import {valuesOf, weightsOf} from './support/values.js';

const groups = [{select: '**/dense/kernel', rate: 0}];

testTransform({factory: optimizers.addDecayedWeights, options: {rate: 0.1, groups}});
testTransform({factory: optimizers.clipByRms, options: {threshold: 0.1}});
testTransform({factory: optimizers.ema, options: {decay: 0.9}});
testTransform({factory: optimizers.scaleByAdam, options: {}});
testTransform({factory: optimizers.scaleByAdam, options: {amsgrad: true}, name: 'scaleByAdam with amsgrad'});
testTransform({factory: optimizers.scaleByFactoredRms, options: {}});
testTransform({factory: optimizers.scaleByLion, options: {}});
testTransform({factory: optimizers.scaleByNadam, options: {}});
testTransform({factory: optimizers.scaleByParameterRms, options: {}});
testTransform({factory: optimizers.scaleByRadam, options: {beta2: 0.7}});
testTransform({factory: optimizers.scaleByRelativeStep, options: {}});
testTransform({factory: optimizers.scaleByRms, options: {}});
testTransform({
  factory: optimizers.scaleByRms,
  options: {epsilonInSqrt: true, centered: true},
  name: 'centered scaleByRms',
});
testTransform({factory: optimizers.scaleByTrustRatio, options: {}});
testTransform({
  factory: optimizers.scaleGradients,
  options: {factor: 1, groups: [{select: '**/dense/kernel', factor: 0.5}]},
});
testTransform({factory: optimizers.trace, options: {momentum: 0.9, nesterov: true}});
testTransform({
  factory: optimizers.trace,
  options: {momentum: 0.9, dampening: 0.1},
  name: 'trace with dampening',
});

it('scaleByLion has signs of gradients that have nearly vanished', async () => {
  const grads = {w: tf.tensor1d([1e-9, -1e-9, 0, 1])};
  const lion = optimizers.scaleByLion();
  const ctx = {step: 0, params: grads as unknown as Record<string, tf.Variable>, keys: {}, seed: 0};
  const [{w}] = lion.update(grads, lion.init(grads), ctx);
  expect(await valuesOf(w!)).toEqual([1, -1, 0, 1]);
});

interface Case {
  readonly name: string;
  readonly optimizer: string;
  readonly reference: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly changes?: readonly {readonly step: number; readonly learningRate: number}[];
  readonly weights: Readonly<Record<string, readonly (readonly number[])[]>>;
}

function make({optimizer, options}: Case): GradientOptimizer {
  const factories = optimizers as unknown as Readonly<
    Record<string, (options: unknown) => GradientOptimizer>
  >;
  return factories[optimizer]!(options);
}

describe('the trajectory of 100 steps, one parameter with a gradient in every other only, is that of', () => {
  it.each(fixture.cases as unknown as Case[])('$reference for $optimizer: $name', async (given) => {
    const optimizer = make(given);
    const weights = begin();
    for (let t = 0; t < 100; t++) {
      const change = given.changes?.find((one) => one.step === t);
      if (change !== undefined) setLearningRate(optimizer, change.learningRate);
      takeStep(optimizer, weights, t);
      const place = fixture.steps.indexOf(t + 1);
      if (place < 0) continue;
      for (const [name, variable] of Object.entries(weights)) {
        const expected = given.weights[name]![place]!;
        expect(await valuesOf(variable), `${name} after ${t + 1} steps`).toBeAllclose(expected, {
          rtol: 1e-5,
          atol: 0,
        });
      }
    }
    optimizer.dispose();
  });
});

const BATCH = 4;
const {x, y} = denseTask.data();

function compiled(optimizer: tf.Optimizer): tf.LayersModel {
  const model = denseTask.model();
  model.compile({loss: denseTask.loss, optimizer});
  return model;
}

/** Trains for some steps, on the batches after those that have been. */
async function train(model: tf.LayersModel, from: number, to: number): Promise<number> {
  let loss = NaN;
  for (let t = from; t < to; t++) {
    const start = (BATCH * t) % x.shape[0]!;
    const [a, b] = [tf.slice(x, start, BATCH), tf.slice(y, start, BATCH)];
    loss = (await model.trainOnBatch(a, b)) as number;
    tf.dispose([a, b]);
  }
  return loss;
}

describe.each(shippedOptimizers)('%s', (_name, create) => {
  it('brings the loss down under fit', async () => {
    const {history} = await compiled(create()).fit(x, y, {
      epochs: 20,
      batchSize: BATCH,
      shuffle: false,
      verbose: 0,
    });
    const losses = history['loss'] as number[];
    expect(losses.at(-1)!).toBeLessThan(0.9 * losses[0]!);
  });

  it('leaks nothing in 100 steps', async () => {
    const model = compiled(create());
    await train(model, 0, 1);
    await expectNoLeaks(() => train(model, 1, 101));
  });

  it('goes on after 50 steps, saved and loaded, to the weights of 100', async () => {
    optimizers.registerOptimizers();
    const uninterrupted = compiled(create());
    await train(uninterrupted, 0, 100);
    const stopped = compiled(create());
    await train(stopped, 0, 50);
    const resumed = await loaded(await saved(stopped));
    await train(resumed, 50, 100);
    expect(await weightsOf(resumed)).toBeAllclose(await weightsOf(uninterrupted), sameTraining());
  });

  it('does so inside of transformGradients', async () => {
    optimizers.registerOptimizers();
    registerTransforms({clipByGlobalNorm});
    const clipped = (): tf.LayersModel =>
      compiled(transformGradients(create(), clipByGlobalNorm({maxNorm: 0.5})));
    const uninterrupted = clipped();
    await train(uninterrupted, 0, 20);
    const stopped = clipped();
    await train(stopped, 0, 10);
    const resumed = await loaded(await saved(stopped));
    await train(resumed, 10, 20);
    expect(await weightsOf(resumed)).toBeAllclose(await weightsOf(uninterrupted), sameTraining());
  });

  it('is as before where a transform around it throws', async () => {
    let fails = false;
    const failing = stateless('failing', {}, (grads) => {
      if (fails) throw new Error('as wanted');
      return grads;
    });
    const [steady, disturbed] = [compiled(create()), compiled(transformGradients(create(), failing))];
    await train(steady, 0, 6);
    await train(disturbed, 0, 3);
    fails = true;
    await expect(train(disturbed, 3, 4)).rejects.toThrow('as wanted');
    fails = false;
    await train(disturbed, 3, 6);
    expect(await weightsOf(disturbed)).toBeAllclose(await weightsOf(steady), sameTraining());
  });
});
