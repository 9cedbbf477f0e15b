import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {type BackendPreference, useBackend} from './index.js';

// The engine is one for the whole file, so these follow each other: at first nothing is in use.

const missing = [
  {name: 'tfjs-node-gpu', code: 'notInstalled', reason: 'not installed'},
  {name: 'tfjs-node', code: 'notInstalled', reason: 'not installed'},
  {name: 'webgpu', code: 'notInstalled', reason: 'not installed: webgpu and @tensorflow/tfjs-backend-webgpu'},
];

it('takes the best that is installed, not what an import has registered, however many ask at once', async () => {
  expect(tf.engine().backendNames()).toContain('cpu');
  const choice = {backend: 'wasm', passedOver: missing};
  expect(await Promise.all([useBackend(), useBackend(), useBackend()])).toEqual([choice, choice, choice]);
  expect(tf.getBackend()).toBe('wasm');
  expect(tf.add(1, 2).arraySync()).toBe(3);
});

it('takes the backend that is preferred', async () => {
  expect(await useBackend('cpu')).toEqual({backend: 'cpu', passedOver: []});
  expect(tf.getBackend()).toBe('cpu');
});

it('keeps what has been set', async () => {
  const reason =
    'not tried: cpu was in use already; call useBackend() before the first tensor or model, or name a backend to switch';
  expect(await useBackend()).toEqual({
    backend: 'cpu',
    passedOver: ['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm'].map((name) => ({
      name,
      code: 'notTried',
      reason,
    })),
  });
});

it.each(['tfjs-node-gpu', 'tfjs-node'] as const)('says how to install %s', async (name) => {
  await expect(useBackend(name)).rejects.toThrow(
    `useBackend: '${name}': not installed. Try: npm install @tensorflow/${name}@${tf.version_core}`,
  );
  expect(tf.getBackend()).toBe('cpu');
});

it('says how to install webgpu', async () => {
  await expect(useBackend('webgpu')).rejects.toThrow(
    `useBackend: 'webgpu': not installed: webgpu and @tensorflow/tfjs-backend-webgpu. Try: npm install webgpu @tensorflow/tfjs-backend-webgpu@${tf.version_core}`,
  );
  expect(tf.getBackend()).toBe('cpu');
});

it('prepares wasm, also where it is registered', async () => {
  tf.unregisterKernel('Conv2DBackpropFilter', 'wasm');
  await useBackend('wasm');
  expect(tf.getKernel('Conv2DBackpropFilter', 'wasm')).toBeDefined();
  await useBackend('cpu');
});

it('rejects a preference that there is not, and knows which is meant', async () => {
  await expect(useBackend('tensorflow' as BackendPreference)).rejects.toThrow(
    new RangeError(
      "useBackend: preference must be one of 'auto', 'tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu' here, got 'tensorflow'. Did you mean 'tfjs-node-gpu'?",
    ),
  );
});
