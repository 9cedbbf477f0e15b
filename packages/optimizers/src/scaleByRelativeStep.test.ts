import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {drive, driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleByRelativeStep} from './scaleByRelativeStep.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleByRelativeStep, options: {}});

const ones = [[1], [1], [1], [1]];

describe('scaleByRelativeStep', () => {
  it('makes the rate one over the root of the step', () => {
    const changed = driveOne(scaleByRelativeStep(), ones, [1], {learningRate: 4});
    expect(changed.map(([value]) => 4 * value!)).toBeAllclose([1, 1 / Math.SQRT2, 1 / Math.sqrt(3), 0.5]);
  });

  it('leaves a smaller rate alone', () => {
    expect(driveOne(scaleByRelativeStep(), ones, [1], {learningRate: 0.5})).toEqual(ones);
  });

  it('takes the rate for 1 where there is none', () => {
    expect(driveOne(scaleByRelativeStep(), ones).at(-1)).toBeAllclose([0.5]);
  });

  it('counts the steps of each parameter by itself', () => {
    const [, , third] = drive(scaleByRelativeStep(), [{a: [1], b: [1]}, {a: [1]}, {a: [1], b: [1]}]);
    expect(third!['b']).toBeAllclose([1 / Math.SQRT2]);
  });

  it('takes 1 kernel a matrix', async () => {
    expect(await kernelsFor(scaleByRelativeStep(), 5)).toBe(5);
  });

  it('has no options', () => {
    const options = {rate: 1} as unknown as Record<string, never>;
    expect(() => scaleByRelativeStep(options)).toThrow(
      new TypeError("scaleByRelativeStep: there is no option 'rate'. It has none."),
    );
  });
});
