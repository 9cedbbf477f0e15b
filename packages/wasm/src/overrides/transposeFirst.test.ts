import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {transposeFirst} from './transposeFirst.js';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

afterAll(() => tf.removeBackend('wasm'));

it.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])('gives the shipped kernel plain factors (%s, %s)', (transposeA, transposeB) => {
  const backend = tf.backend() as BackendWasm;
  const shipped = tf.getKernel('BatchMatMul', 'wasm').kernelFunc;
  const a = tf.randomUniform([3, ...(transposeA ? [5, 4] : [4, 5])]);
  const b = tf.randomUniform([3, ...(transposeB ? [6, 5] : [5, 6])]);
  const expected = tf.matMul(a, b, transposeA, transposeB);
  const before = backend.numDataIds();
  const seen: unknown[] = [];
  const product = transposeFirst({inputs: {a, b}, attrs: {transposeA, transposeB}, backend}, (params) => {
    seen.push(params.attrs);
    return shipped(params);
  });
  expect(seen).toEqual([{transposeA: false, transposeB: false}]);
  expect(product.shape).toEqual([3, 4, 6]);
  const values = backend.readSync(product.dataId);
  for (const [i, value] of expected.dataSync().entries()) expect(values[i]).toBeCloseTo(value, 5);
  backend.disposeData(product.dataId);
  expect(backend.numDataIds()).toBe(before);
  tf.dispose([a, b, expected]);
});
