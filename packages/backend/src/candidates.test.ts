import * as tf from '@tensorflow/tfjs-core';
import {afterEach, expect, it, vi} from 'vitest';
import {candidatesHere} from './candidates.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('offers native TensorFlow first in Node', () => {
  expect(candidatesHere().map(({name}) => name)).toEqual(['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu']);
});

it('offers what is registered first in a browser, in the order of TensorFlow.js', () => {
  const never = (): never => {
    throw new Error('not to be started');
  };
  tf.registerBackend('slower', never, 2);
  tf.registerBackend('faster', never, 3);
  vi.stubGlobal('process', undefined);
  const names = candidatesHere().map(({name}) => name);
  vi.unstubAllGlobals();
  tf.removeBackend('slower');
  tf.removeBackend('faster');
  expect(names).toEqual(['faster', 'slower', 'wasm', 'cpu']);
});
