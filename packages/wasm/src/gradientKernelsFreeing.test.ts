import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import {getKernel, registerKernel, unregisterKernel} from '@tensorflow/tfjs-core';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {run, uniform} from '../fixtures/onBothBackends.js';
import {registerKernels} from './registerKernels.js';

const attrs = {
  strides: 2,
  pad: 'same',
  dataFormat: 'NHWC',
  dilations: [1, 1],
  inputShape: [2, 6, 6, 3],
  filterShape: [3, 3, 3, 2],
};

describe('a composed kernel', () => {
  beforeEach(async () => {
    registerKernels();
    await tf.setBackend('wasm');
    tf.engine().startScope();
  });
  afterEach(() => tf.engine().endScope());

  it.each([
    ['Conv2DBackpropInput', 'Transpose'],
    ['Conv2DBackpropInput', 'Conv2D'],
    ['Conv2DBackpropFilter', 'Slice'],
    ['Conv2DBackpropFilter', 'Transpose'],
  ])('%s frees what it has made when %s fails', (kernel, failing) => {
    const shipped = getKernel(failing, 'wasm');
    const inputs = {x: uniform([2, 6, 6, 3]), dy: uniform([2, 3, 3, 2]), filter: uniform([3, 3, 3, 2])};
    const before = tf.backend().numDataIds();
    unregisterKernel(failing, 'wasm');
    try {
      expect(() => run(kernel, inputs, attrs)).toThrow(
        `${kernel}: the wasm backend has no kernel ${failing}.`,
      );
    } finally {
      registerKernel(shipped);
    }
    expect(tf.backend().numDataIds()).toBe(before);
  });

  it('keeps one tensor a call: its output', () => {
    const inputs = {x: uniform([2, 6, 6, 3]), dy: uniform([2, 3, 3, 2])};
    const before = {tensors: tf.memory().numTensors, data: tf.backend().numDataIds()};
    for (let i = 1; i <= 3; i++) {
      run('Conv2DBackpropFilter', inputs, attrs);
      expect({tensors: tf.memory().numTensors, data: tf.backend().numDataIds()}).toEqual({
        tensors: before.tensors + i,
        data: before.data + i,
      });
    }
  });
});
