import * as tf from '@tensorflow/tfjs-core';
import {expect, it} from 'vitest';
import {AS_SHIPPED} from './diagnosis.js';
import {measureBackend, namesHere} from './measureBackend.js';

// The engine is one for the whole file: wasm stays as shipped as nothing prepares it.

it('knows what to diagnose, wasm twice', () => {
  expect(namesHere()).toEqual(['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', AS_SHIPPED, 'cpu']);
});

it('says why a backend is not available', async () => {
  expect(await measureBackend('tfjs-node')).toEqual({
    name: 'tfjs-node',
    available: false,
    code: 'notInstalled',
    reason: 'not installed',
  });
});

it('measures wasm as shipped, as far as it can train', async () => {
  expect(await measureBackend(AS_SHIPPED)).toEqual({
    name: AS_SHIPPED,
    available: true,
    auto: false,
    device: 'CPU',
    threads: 1,
    gflops: expect.any(Number),
    mlpMs: expect.any(Number),
    cnnMs: null,
    problems: ['CNN: cannot train, for want of Conv2DBackpropFilter.'],
  });
  expect(tf.getBackend()).toBe('wasm');
});
