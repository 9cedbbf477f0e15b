import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {contextOf, drive, driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleGradients} from './scaleGradients.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleGradients, options: {factor: 0.1}});
testTransform({
  factory: scaleGradients,
  options: {factor: 1, groups: [{select: '**/dense/kernel', factor: 0.5}]},
  name: 'scaleGradients by groups',
});

const groups = [
  {select: '**/bias', factor: 0.5},
  {select: /^a/, factor: 2},
];
const weights = {'a/kernel': [10], 'a/bias': [10], 'b/kernel': [10]};

describe('scaleGradients', () => {
  it('multiplies gradients', () => {
    expect(driveOne(scaleGradients({factor: 0.25}), [[2, -8]], [10, 20])).toBeAllclose([[0.5, -2]]);
  });

  it('gives a parameter the factor of the first group that matches it', () => {
    const [changed] = drive(
      scaleGradients({factor: 4, groups}),
      [{'a/kernel': [1], 'a/bias': [1], 'b/kernel': [1]}],
      weights,
    );
    expect(changed).toEqual({'a/kernel': [2], 'a/bias': [0.5], 'b/kernel': [4]});
  });

  it('leaves parameters without a gradient out', () => {
    expect(drive(scaleGradients({factor: 2, groups}), [{'b/kernel': [1]}], weights)).toEqual([
      {'b/kernel': [2]},
    ]);
  });

  it('says before the first step that a group has no parameter, and lists near names', () => {
    const transform = scaleGradients({factor: 1, groups: [{select: '**/kernal', factor: 2}]});
    expect(() => transform.init({'a/kernel': tf.zeros([1])})).toThrow(
      new Error('scaleGradients: the selector **/kernal matches no parameter. Nearest of 1: a/kernel.'),
    );
  });

  it('says so of a group whose parameters another has taken', () => {
    const transform = scaleGradients({factor: 1, groups: [groups[0]!, groups[0]!]});
    expect(() => transform.init({'a/bias': tf.zeros([1])})).toThrow(
      'the selector **/bias matches no parameter',
    );
  });

  it('cannot be saved with a function for a selector', () => {
    const transform = scaleGradients({factor: 1, groups: [{select: () => true, factor: 2}]});
    expect(() => transform.config).toThrow(
      new Error('scaleGradients: a selector that is a function cannot be saved; use a glob or a RegExp.'),
    );
  });

  it('takes 1 kernel a matrix, and none where the factor is 1', async () => {
    expect(await kernelsFor(scaleGradients({factor: 0.1}), 5)).toBe(5);
    expect(await kernelsFor(scaleGradients({factor: 1}), 5)).toBe(0);
  });

  it('passes a factor of 1 as it is', () => {
    const grads = {w: tf.ones([2])};
    const [changed] = scaleGradients({factor: 1}).update(grads, undefined, contextOf(grads));
    expect(changed['w']).toBe(grads.w);
  });

  it.each<[unknown, string]>([
    [{factor: -1}, 'factor must be >= 0, got -1.'],
    [{factor: 1, groups: 3}, 'groups must be a list of {select, factor}, got the number 3.'],
    [
      {factor: 1, groups: [{select: '', factor: 1}]},
      "group 0: select must be a glob, a RegExp or a function, got the string ''.",
    ],
    [{factor: 1, groups: [{select: '**', factor: -1}]}, 'group 0: factor must be >= 0, got -1.'],
    [
      {factor: 1, groups: [{select: '**', value: 1}]},
      "group 0: there is no option 'value'. Options: select, factor.",
    ],
    [{weightDecay: 1}, "there is no option 'weightDecay'. Options: factor, groups."],
  ])('rejects the options %o', (options, message) => {
    expect(() => scaleGradients(options as Parameters<typeof scaleGradients>[0])).toThrow(
      `scaleGradients: ${message}`,
    );
  });
});
