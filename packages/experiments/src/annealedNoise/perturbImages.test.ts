import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {useCpu} from '../../fixtures/useCpu.js';
import {perturbImages} from './perturbImages.js';

useCpu();

describe('perturbImages', () => {
  const images = () => tf.ones([200, 50]) as tf.Tensor2D;

  it('adds noise of mean 0 and deviation 0.05, and clips nothing', () => {
    const noise = [...tf.sub(perturbImages(images(), 1), images()).dataSync()];
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(0.0015);
    expect(Math.abs(Math.sqrt(variance) - 0.05)).toBeLessThan(0.001);
    expect(noise.some((value) => value > 0)).toBe(true);
  });

  it('is a function of the seed', () => {
    const values = (seed: number) => [...perturbImages(images(), seed).dataSync()];
    expect(values(3)).toEqual(values(3));
    expect(values(3)).not.toEqual(values(4));
  });

  it('leaves the images as they are', () => {
    const x = images();
    perturbImages(x, 1);
    expect(new Set(x.dataSync())).toEqual(new Set([1]));
  });
});
