import {expect, it} from 'vitest';
import {installGpu} from './installGpu.js';

const gpu = {};
const GPUBuffer = () => gpu;

it('sets the classes and navigator.gpu, and takes them away again', () => {
  const target = {};
  const undo = installGpu(gpu, {GPUBuffer}, target);
  expect(target).toHaveProperty('GPUBuffer', GPUBuffer);
  expect(target).toHaveProperty('navigator.gpu', gpu);
  undo();
  expect(Reflect.ownKeys(target)).toEqual([]);
});

it('adds to the navigator that there is, and puts back what was there', () => {
  const navigator = {language: 'en'};
  const own = Object.create({}, {navigator: {get: () => navigator, configurable: true}}) as {
    navigator: object;
    GPUBuffer?: unknown;
  };
  own.GPUBuffer = 'its own';
  const before = Object.getOwnPropertyDescriptors(own);
  const undo = installGpu(gpu, {GPUBuffer}, own);
  expect(own.navigator).toBe(navigator);
  expect(navigator).toHaveProperty('gpu', gpu);
  expect(own.GPUBuffer).toBe(GPUBuffer);
  undo();
  expect(Object.getOwnPropertyDescriptors(own)).toEqual(before);
  expect(navigator).toEqual({language: 'en'});
});
