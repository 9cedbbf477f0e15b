import {expectNoLeaks, testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {applyNoise} from '../fixtures/applyNoise.js';
import {correlationScore, moments} from '../fixtures/statistics.js';
import {dropGradients, type DropGradientsOptions} from './dropGradients.js';
import {gradientNoise} from './gradientNoise.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const SIZE = 100_000;

testTransform({factory: dropGradients, options: {rate: 0.3}});
testTransform({
  factory: dropGradients,
  options: {rate: 0.5, seed: 0},
  name: 'dropGradients with all options',
});

function drop(rate: number, context = {}): Float32Array {
  return applyNoise(dropGradients({rate}), {w: tf.ones([SIZE])}, context).w!.dataSync<'float32'>();
}

describe('dropGradients', () => {
  it.each([0.01, 0.3, 0.5, 0.99])('drops a share of %d', (rate) => {
    const zeros = drop(rate).reduce((count, x) => count + Number(x === 0), 0);
    expect(Math.abs(zeros - rate * SIZE)).toBeLessThan(4 * Math.sqrt(SIZE * rate * (1 - rate)));
  });

  it('divides what is left by 1 − rate', () => {
    expect(new Set(drop(0.75))).toEqual(new Set([0, 4]));
  });

  it('keeps the expected gradient', () => {
    const [mean] = moments(drop(0.3));
    expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(0.3 / 0.7 / SIZE));
  });

  it('drops others at every step', () => {
    const score = correlationScore(drop(0.5, {step: 0}), drop(0.5, {step: 1}));
    expect(Math.abs(score)).toBeLessThan(4);
  });

  it('drops without regard to what gradientNoise adds', () => {
    const {w} = applyNoise(gradientNoise({eta: 1}), {w: tf.zeros([SIZE])});
    const score = correlationScore(drop(0.5), w!.dataSync<'float32'>().map(Math.abs));
    expect(Math.abs(score)).toBeLessThan(4);
  });

  it('leaves gradients alone with rate 0', () => {
    const grads = {w: tf.ones([2])};
    expect(applyNoise(dropGradients({rate: 0}), grads)).toBe(grads);
  });

  it('makes nothing that is not freed', async () => {
    await expectNoLeaks(() => tf.tidy(() => void drop(0.5)));
  });

  it.each<[object, string]>([
    [{rate: -0.1}, 'rate must be >= 0, got -0.1.'],
    [{rate: 1}, 'rate must be < 1, got 1.'],
    [{}, 'rate must be a number >= 0, got undefined.'],
    [{rate: 0.5, seed: -1}, 'seed must be a whole number >= 0, got -1.'],
  ])('rejects %o by name', (options, message) => {
    expect(() => dropGradients(options as DropGradientsOptions)).toThrow(
      new RangeError(`dropGradients: ${message}`),
    );
  });
});
