import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {drive, driveOne, kernelsFor} from '../fixtures/drive.js';
import {trace} from './trace.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: trace, options: {momentum: 0.9}});
testTransform({factory: trace, options: {momentum: 0.9, nesterov: true}, name: 'Nesterov'});
testTransform({factory: trace, options: {momentum: 0.9, dampening: 0.5}, name: 'trace with dampening'});

describe('trace', () => {
  it('adds up gradients, of which a share stays', () => {
    expect(driveOne(trace({momentum: 0.5}), [[1], [1], [-2]])).toBeAllclose([[1], [1.5], [-1.25]]);
  });

  it('looks one step ahead with Nesterov', () => {
    const changed = driveOne(trace({momentum: 0.5, nesterov: true}), [[1], [1], [-2]]);
    expect(changed).toBeAllclose([[1.5], [1.75], [-2.625]]);
  });

  it('damps every gradient but the first', () => {
    expect(driveOne(trace({momentum: 0.5, dampening: 0.75}), [[2], [4], [4]])).toBeAllclose([[2], [2], [2]]);
  });

  it('keeps the velocity of a parameter that has no gradient', () => {
    const changed = drive(trace({momentum: 0.5}), [{a: [1], b: [1]}, {a: [1]}, {a: [1], b: [1]}]);
    expect(changed).toEqual([{a: [1], b: [1]}, {a: [1.5]}, {a: [1.75], b: [1.5]}]);
  });

  it.each([
    [{momentum: 0.9}, 2],
    [{momentum: 0.9, nesterov: true}, 4],
  ])('takes few kernels a matrix: %o', async (options, kernels) => {
    expect(await kernelsFor(trace(options), 5)).toBe(5 * kernels);
  });

  it.each<[unknown, string]>([
    [{momentum: 1}, 'momentum must be < 1, got 1.'],
    [{momentum: -0.1}, 'momentum must be >= 0, got -0.1.'],
    [{momentum: 0.9, dampening: 1}, 'dampening must be < 1, got 1.'],
    [{momentum: 0.9, nesterov: 'yes'}, "nesterov must be true or false, got the string 'yes'."],
    [
      {momentum: 0, nesterov: true},
      'nesterov needs momentum > 0 and dampening 0, got momentum 0 and dampening 0.',
    ],
    [
      {momentum: 0.9, nesterov: true, dampening: 0.1},
      'nesterov needs momentum > 0 and dampening 0, got momentum 0.9 and dampening 0.1.',
    ],
    [{decay: 0.9}, "there is no option 'decay'. Options: momentum, nesterov, dampening."],
  ])('rejects the options %o', (options, message) => {
    expect(() => trace(options as Parameters<typeof trace>[0])).toThrow(`trace: ${message}`);
  });
});
