import type {GradientOptimizer} from '@gradwire/core';
import {expectNoLeaks, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {adafactor} from './adafactor.js';
import {adamW} from './adamW.js';
import {amsgrad} from './amsgrad.js';
import {lamb} from './lamb.js';
import {lion} from './lion.js';
import {nadam} from './nadam.js';
import {radam} from './radam.js';
import {rmsprop} from './rmsprop.js';
import {sgd} from './sgd.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

const factories = {adafactor, adamW, amsgrad, lamb, lion, nadam, radam, rmsprop, sgd};
type Factory = (options: unknown) => GradientOptimizer;
const all = Object.entries(factories).map(([name, factory]) => [name, factory as Factory] as const);

describe.each(all)('%s', (name, create) => {
  it.each<[Readonly<Record<string, unknown>>, string]>([
    [{learningRate: 0}, 'learningRate must be > 0, got 0.'],
    [{learningRate: '1'}, "learningRate must be a number > 0, got the string '1'."],
    [{weightDecay: -1}, 'weightDecay must be >= 0, got -1.'],
    [{lr: 1}, "there is no option 'lr'. Options: learningRate, "],
    [{groups: '**'}, "groups must be a list of {select, learningRate, weightDecay}, got the string '**'."],
    [
      {groups: [{select: '**', rate: 1}]},
      "group 0: there is no option 'rate'. Options: select, learningRate, weightDecay.",
    ],
    [
      {groups: [{select: 3, weightDecay: 0}]},
      'group 0: select must be a glob, a RegExp or a function, got the number 3.',
    ],
    [{groups: [{select: '**', learningRate: 0}]}, 'group 0: learningRate must be > 0, got 0.'],
    [{groups: [{select: '**', weightDecay: -1}]}, 'group 0: weightDecay must be >= 0, got -1.'],
    [{groups: [{select: '**'}]}, 'group 0: it has neither learningRate nor weightDecay. Leave it out.'],
  ])('rejects %o', (options, message) => {
    expect(() => create({learningRate: 1, ...options})).toThrow(`${name}: ${message}`);
  });

  it('finds a group without parameters before the first step', () => {
    const optimizer = create({learningRate: 1, groups: [{select: 'kernal', weightDecay: 0}]});
    const kernel = tf.variable(tf.scalar(1), true, 'kernel');
    expect(() => optimizer.minimize(() => tf.square(kernel) as tf.Scalar)).toThrow(
      'addDecayedWeights: the selector kernal matches no parameter. Nearest of 1: kernel.',
    );
    expect(kernel.dataSync()[0]).toBe(1);
  });

  it('frees all that it has made', async () => {
    const w = tf.variable(tf.ones([2, 3]), true, 'w');
    await expectNoLeaks(() => {
      const optimizer = create({learningRate: 0.1, weightDecay: 0.1});
      optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
      optimizer.dispose();
    });
  });
});

describe('the options of one optimizer:', () => {
  it.each<[Factory, Readonly<Record<string, unknown>>, string]>([
    [sgd as Factory, {momentum: 1}, 'sgd: momentum must be < 1, got 1.'],
    [
      sgd as Factory,
      {nesterov: true},
      'sgd: nesterov needs momentum > 0 and dampening 0, got momentum 0 and dampening 0.',
    ],
    [adamW as Factory, {beta1: 1}, 'adamW: beta1 must be < 1, got 1.'],
    [nadam as Factory, {momentumDecay: -1}, 'nadam: momentumDecay must be >= 0, got -1.'],
    [
      radam as Factory,
      {decoupledWeightDecay: 0},
      'radam: decoupledWeightDecay must be true or false, got the number 0.',
    ],
    [amsgrad as Factory, {epsilon: 0}, 'amsgrad: epsilon must be > 0, got 0.'],
    [lion as Factory, {beta2: -1}, 'lion: beta2 must be >= 0, got -1.'],
    [lamb as Factory, {beta2: 2}, 'lamb: beta2 must be < 1, got 2.'],
    [rmsprop as Factory, {decay: 1}, 'rmsprop: decay must be < 1, got 1.'],
    [rmsprop as Factory, {initialScale: -1}, 'rmsprop: initialScale must be >= 0, got -1.'],
    [adafactor as Factory, {decayRate: 0.8}, 'adafactor: decayRate must be a number < 0, got 0.8.'],
    [adafactor as Factory, {clipThreshold: 0}, 'adafactor: clipThreshold must be > 0, got 0.'],
    [
      adafactor as Factory,
      {relativeStep: 1},
      'adafactor: relativeStep must be true or false, got the number 1.',
    ],
  ])('%o rejects %o', (create, options, message) => {
    expect(() => create({learningRate: 1, ...options})).toThrow(message);
  });

  it('sgd asks for a learning rate', () => {
    expect(() => sgd({} as Parameters<typeof sgd>[0])).toThrow('sgd: learningRate must be a number > 0');
  });
});

describe('the chain', () => {
  const namesOf = ({transforms}: GradientOptimizer): string[] => transforms.map(({name}) => name);
  const groups = [{select: '**/bias', learningRate: 0.1}];

  it.each<[string, GradientOptimizer, string[]]>([
    ['of sgd', sgd({learningRate: 1}), []],
    [
      'of sgd with all',
      sgd({learningRate: 1, momentum: 0.9, weightDecay: 0.1, groups}),
      ['addDecayedWeights', 'trace', 'scaleGradients'],
    ],
    ['of adamW', adamW(), ['scaleByAdam', 'addDecayedWeights']],
    ['of Adam', adamW({weightDecay: 0}), ['scaleByAdam']],
    ['of nadam', nadam(), ['scaleByNadam']],
    ['of radam with weight decay', radam({weightDecay: 0.1}), ['addDecayedWeights', 'scaleByRadam']],
    [
      'of radam with decoupled decay',
      radam({weightDecay: 0.1, decoupledWeightDecay: true}),
      ['scaleByRadam', 'addDecayedWeights'],
    ],
    ['of lion', lion(), ['scaleByLion']],
    ['of lamb', lamb(), ['scaleByAdam', 'addDecayedWeights', 'scaleByTrustRatio']],
    ['of rmsprop', rmsprop({momentum: 0.9}), ['scaleByRms', 'trace']],
    [
      'of adafactor',
      adafactor(),
      ['scaleByFactoredRms', 'clipByRms', 'scaleByParameterRms', 'scaleByRelativeStep'],
    ],
    [
      'of adafactor with a rate',
      adafactor({learningRate: 1, beta1: 0.9, scaleParameter: false}),
      ['scaleByFactoredRms', 'clipByRms', 'ema'],
    ],
  ])('%s', (_name, optimizer, names) => {
    expect(namesOf(optimizer)).toEqual(names);
  });
});

describe('parameter groups', () => {
  /** What one step takes off weights of 10 whose gradients are 1. */
  function step(optimizer: GradientOptimizer): Record<string, number> {
    const names = ['a/kernel', 'a/bias', 'b/bias'];
    const weights = names.map((name) => tf.variable(tf.scalar(10), true, name));
    optimizer.minimize(() => tf.addN(weights) as tf.Scalar);
    const moved = weights.map((weight) => 10 - weight.dataSync()[0]!);
    for (const weight of weights) weight.dispose();
    return Object.fromEntries(names.map((name, i) => [name, Number(moved[i]!.toFixed(4))]));
  }

  it('give parameters a learning rate of their own', () => {
    const groups = [{select: '**/bias', learningRate: 0.5}];
    expect(step(sgd({learningRate: 0.1, groups}))).toEqual({'a/kernel': 0.1, 'a/bias': 0.5, 'b/bias': 0.5});
  });

  it('give parameters a weight decay of their own', () => {
    const groups = [{select: '**/bias', weightDecay: 0}];
    const optimizer = sgd({learningRate: 0.1, weightDecay: 0.2, groups});
    expect(step(optimizer)).toEqual({'a/kernel': 0.3, 'a/bias': 0.1, 'b/bias': 0.1});
  });

  it('belong to the first that matches', () => {
    const groups = [
      {select: 'a/*', learningRate: 0.2},
      {select: '**/bias', learningRate: 0.5, weightDecay: 0.1},
    ];
    expect(step(sgd({learningRate: 0.1, groups}))).toEqual({'a/kernel': 0.2, 'a/bias': 0.2, 'b/bias': 1});
  });

  it('go along when the rate is changed', () => {
    const optimizer = sgd({learningRate: 0.1, groups: [{select: '**/bias', learningRate: 0.5}]});
    optimizer.setLearningRate(0.01);
    expect(step(optimizer)).toEqual({'a/kernel': 0.01, 'a/bias': 0.05, 'b/bias': 0.05});
  });
});

describe('tf.train.momentum of tfjs', () => {
  /** Five steps down a parabola. */
  function descend(optimizer: tf.Optimizer): number {
    const w = tf.variable(tf.scalar(1), true, 'w');
    for (let step = 0; step < 5; step++) optimizer.minimize(() => tf.square(w) as tf.Scalar);
    const [end] = w.dataSync();
    w.dispose();
    optimizer.dispose();
    return end!;
  }

  it.each([false, true])('takes the steps of sgd: Nesterov %s', (nesterov) => {
    const ours = descend(sgd({learningRate: 0.1, momentum: 0.9, nesterov}));
    expect(ours).toBeAllclose(descend(tf.train.momentum(0.1, 0.9, nesterov)), {rtol: 1e-6});
  });

  it('goes on with the old momentum after setMomentum', () => {
    const optimizer = tf.train.momentum(0.1, 0.9);
    optimizer.setMomentum(0);
    expect(descend(optimizer)).toBe(descend(tf.train.momentum(0.1, 0.9)));
  });
});
