import * as tf from '@tensorflow/tfjs-core';
import {afterEach, expect, it, vi} from 'vitest';
import {candidatesHere} from './candidates.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

it('offers native TensorFlow first in Node', () => {
  expect(candidatesHere().map(({name}) => name)).toEqual([
    'tfjs-node-gpu',
    'tfjs-node',
    'webgpu',
    'wasm',
    'cpu',
  ]);
});

it('offers what is registered by other names first in a browser, in the order of TensorFlow.js', () => {
  const never = (): never => {
    throw new Error('not to be started');
  };
  tf.registerBackend('slower', never, 2);
  tf.registerBackend('faster', never, 3);
  tf.registerBackend('webgl', never, 2);
  vi.stubGlobal('process', undefined);
  const names = candidatesHere().map(({name}) => name);
  vi.unstubAllGlobals();
  tf.removeBackend('slower');
  tf.removeBackend('faster');
  tf.removeBackend('webgl');
  expect(names).toEqual(['faster', 'slower', 'webgpu', 'webgl', 'wasm', 'cpu']);
});

it('passes over a WebGL that the CPU plays', async () => {
  const context = {RENDERER: 0, getExtension: () => null, getParameter: () => 'SwiftShader'};
  vi.stubGlobal('process', undefined);
  const webgl = candidatesHere().find(({name}) => name === 'webgl');
  vi.unstubAllGlobals();
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      readonly getContext = () => context;
    },
  );
  await expect(webgl?.check?.()).rejects.toThrow('no hardware adapter (SwiftShader)');
});
