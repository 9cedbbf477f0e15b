import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {driveOne, kernelsFor} from '../fixtures/drive.js';
import {scaleByParameterRms} from './scaleByParameterRms.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: scaleByParameterRms, options: {}});

describe('scaleByParameterRms', () => {
  it('multiplies by the root mean square of the weights', () => {
    expect(driveOne(scaleByParameterRms(), [[2, -4]], [1, -7])).toBeAllclose([[10, -20]]);
  });

  it('takes small weights for minScale', () => {
    expect(driveOne(scaleByParameterRms({minScale: 0.5}), [[2, -4]], [0, 0])).toBeAllclose([[1, -2]]);
  });

  it('takes as many kernels for 5 matrices as for 2', async () => {
    expect([await kernelsFor(scaleByParameterRms(), 2), await kernelsFor(scaleByParameterRms(), 5)]).toEqual([
      5, 5,
    ]);
  });

  it.each<[unknown, string]>([
    [{minScale: 0}, 'minScale must be > 0, got 0.'],
    [{epsilon: 1}, "there is no option 'epsilon'. Options: minScale."],
  ])('rejects the options %o', (options, message) => {
    expect(() => scaleByParameterRms(options as Parameters<typeof scaleByParameterRms>[0])).toThrow(
      `scaleByParameterRms: ${message}`,
    );
  });
});
