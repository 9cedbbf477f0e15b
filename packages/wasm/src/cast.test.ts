import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {expectSame} from '../fixtures/onBothBackends.js';

expect.extend({toBeAllclose});

describe('cast on the wasm backend', () => {
  it.each(['bool', 'int32', 'float32'] as const)(
    'makes the %s of the cpu backend out of every dtype',
    async (dtype) => {
      await expectSame(() => [
        tf.cast(tf.tensor1d([0.3, -0.3, 0, 2, -256]), dtype),
        tf.cast(tf.tensor1d([0, 2, -256], 'int32'), dtype),
        tf.cast(tf.tensor1d([0, 1], 'bool'), dtype),
      ]);
    },
  );
});
