import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {expectSame} from '../fixtures/onBothBackends.js';
import {registerKernels} from './registerKernels.js';

expect.extend({toBeAllclose});
beforeAll(registerKernels);

describe('clipByValue on the wasm backend', () => {
  it('clips integers', async () => {
    await expectSame(() => [tf.clipByValue(tf.tensor1d([-5, -2, 0, 7], 'int32'), -2, 3)]);
  });

  it('leaves NaN, which the loss is to show', async () => {
    await tf.setBackend('wasm');
    expect([...tf.tidy(() => tf.clipByValue([Number.NaN, 2], -1, 1).dataSync())]).toEqual([Number.NaN, 1]);
  });
});
