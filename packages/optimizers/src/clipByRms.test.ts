import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {driveOne, kernelsFor} from '../fixtures/drive.js';
import {clipByRms} from './clipByRms.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: clipByRms, options: {threshold: 0.1}});

describe('clipByRms', () => {
  it('brings a large gradient to the threshold', () => {
    expect(driveOne(clipByRms(), [[4, -28]])).toBeAllclose([[0.2, -1.4]]);
  });

  it('leaves a small one alone', () => {
    expect(driveOne(clipByRms({threshold: 20.1}), [[4, -28]])).toEqual([[4, -28]]);
  });

  it('takes as many kernels for 5 matrices as for 2', async () => {
    expect([await kernelsFor(clipByRms(), 2), await kernelsFor(clipByRms(), 5)]).toEqual([5, 5]);
  });

  it.each<[unknown, string]>([
    [{threshold: 0}, 'threshold must be > 0, got 0.'],
    [{maxNorm: 1}, "there is no option 'maxNorm'. Options: threshold."],
  ])('rejects the options %o', (options, message) => {
    expect(() => clipByRms(options as Parameters<typeof clipByRms>[0])).toThrow(`clipByRms: ${message}`);
  });
});
