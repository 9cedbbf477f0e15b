import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {driveOne, kernelsFor} from '../fixtures/drive.js';
import {ema} from './ema.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

testTransform({factory: ema, options: {decay: 0.9}});

describe('ema', () => {
  it('is a running mean that begins at zero', () => {
    expect(driveOne(ema({decay: 0.75}), [[4], [4], [-1]])).toBeAllclose([[1], [1.75], [1.0625]]);
  });

  it('takes 3 kernels a matrix', async () => {
    expect(await kernelsFor(ema({decay: 0.9}), 5)).toBe(15);
  });

  it.each<[unknown, string]>([
    [{decay: 1}, 'decay must be < 1, got 1.'],
    [{beta: 1}, "there is no option 'beta'. Options: decay."],
  ])('rejects the options %o', (options, message) => {
    expect(() => ema(options as Parameters<typeof ema>[0])).toThrow(`ema: ${message}`);
  });
});
