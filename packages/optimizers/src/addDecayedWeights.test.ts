import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {contextOf, drive, driveOne, kernelsFor} from '../fixtures/drive.js';
import {addDecayedWeights} from './addDecayedWeights.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: addDecayedWeights, options: {rate: 0.1}});
testTransform({
  factory: addDecayedWeights,
  options: {rate: 1, groups: [{select: '**/dense/kernel', rate: 0.5}]},
  name: 'addDecayedWeights by groups',
});

const groups = [
  {select: '**/bias', rate: 0.5},
  {select: /^a/, rate: 2},
];
const weights = {'a/kernel': [10], 'a/bias': [10], 'b/kernel': [10]};

describe('addDecayedWeights', () => {
  it('adds a share of the weights', () => {
    expect(driveOne(addDecayedWeights({rate: 0.25}), [[2, -8]], [10, 20])).toBeAllclose([[4.5, -3]]);
  });

  it('gives a parameter the rate of the first group that matches it', () => {
    const [changed] = drive(
      addDecayedWeights({rate: 4, groups}),
      [{'a/kernel': [1], 'a/bias': [1], 'b/kernel': [1]}],
      weights,
    );
    expect(changed).toEqual({'a/kernel': [21], 'a/bias': [6], 'b/kernel': [41]});
  });

  it('leaves parameters without a gradient out', () => {
    expect(drive(addDecayedWeights({rate: 2, groups}), [{'b/kernel': [1]}], weights)).toEqual([
      {'b/kernel': [21]},
    ]);
  });

  it('says before the first step that a group has no parameter, and lists near names', () => {
    const transform = addDecayedWeights({rate: 1, groups: [{select: '**/kernal', rate: 2}]});
    expect(() => transform.init({'a/kernel': tf.zeros([1])})).toThrow(
      new Error('addDecayedWeights: the selector **/kernal matches no parameter. Nearest of 1: a/kernel.'),
    );
  });

  it('says so of a group whose parameters another has taken', () => {
    const transform = addDecayedWeights({rate: 1, groups: [groups[0]!, groups[0]!]});
    expect(() => transform.init({'a/bias': tf.zeros([1])})).toThrow(
      'the selector **/bias matches no parameter',
    );
  });

  it('cannot be saved with a function for a selector', () => {
    const transform = addDecayedWeights({rate: 1, groups: [{select: () => true, rate: 2}]});
    expect(() => transform.config).toThrow(
      new Error('addDecayedWeights: a selector that is a function cannot be saved; use a glob or a RegExp.'),
    );
  });

  it('takes 2 kernels a matrix, and none where nothing decays', async () => {
    expect(await kernelsFor(addDecayedWeights({rate: 0.1}), 5)).toBe(10);
    expect(await kernelsFor(addDecayedWeights({rate: 0}), 5)).toBe(0);
  });

  it('passes what does not decay as it is', () => {
    const grads = {w: tf.ones([2])};
    const [changed] = addDecayedWeights({rate: 0}).update(grads, undefined, contextOf(grads));
    expect(changed['w']).toBe(grads.w);
  });

  it.each<[unknown, string]>([
    [{rate: -1}, 'rate must be >= 0, got -1.'],
    [{rate: 1, groups: 3}, 'groups must be a list of {select, rate}, got the number 3.'],
    [
      {rate: 1, groups: [{select: '', rate: 1}]},
      "group 0: select must be a glob, a RegExp or a function, got the string ''.",
    ],
    [{rate: 1, groups: [{select: '**', rate: -1}]}, 'group 0: rate must be >= 0, got -1.'],
    [
      {rate: 1, groups: [{select: '**', value: 1}]},
      "group 0: there is no option 'value'. Options: select, rate.",
    ],
    [{weightDecay: 1}, "there is no option 'weightDecay'. Options: rate, groups."],
  ])('rejects the options %o', (options, message) => {
    expect(() => addDecayedWeights(options as Parameters<typeof addDecayedWeights>[0])).toThrow(
      `addDecayedWeights: ${message}`,
    );
  });
});
