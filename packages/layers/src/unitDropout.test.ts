import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {run, wave} from '../fixtures/wave.js';
import {unitDropout} from './index.js';

useCpu();

describe('unitDropout', () => {
  it('drops a channel at all positions of a sample or at none', () => {
    const y = run(unitDropout({rate: 0.5}), tf.ones([8, 3, 5, 16]), true);
    expect(tf.max(y, [1, 2])).toBeAllclose(tf.min(y, [1, 2]), {rtol: 0});
  });

  it('drops others in other samples', () => {
    const [first, second] = tf.unstack(run(unitDropout({rate: 0.5}), tf.ones([2, 3, 64]), true));
    expect(first).not.toBeAllclose(second);
  });

  it('drops the share asked for, and scales what stays', () => {
    const y = run(unitDropout({rate: 0.25}), tf.ones([100, 2, 100]), true);
    const values = [...new Set(y.dataSync())].toSorted((a, b) => a - b);
    expect(values).toBeAllclose([0, 4 / 3]);
    expect(tf.mean(y)).toBeAllclose(1, {rtol: 0.02});
  });

  it('is common dropout for two axes', () => {
    const y = run(unitDropout({rate: 0.5}), tf.ones([64, 64]), true);
    expect(tf.mean(tf.mean(y, 0))).toBeAllclose(1, {rtol: 0.1});
  });

  it.each([
    [0.5, false],
    [0, true],
  ])('changes nothing with rate %d and training %s', (rate, training) => {
    const x = wave([2, 3, 4]);
    expect(run(unitDropout({rate}), x, training)).toBeAllclose(x, {rtol: 0});
  });

  it('passes gradients where it has passed values', () => {
    const layer = unitDropout({rate: 0.5});
    const {value, grad} = tf.valueAndGrad((x: tf.Tensor) => run(layer, x, true))(tf.ones([4, 3, 8]));
    expect(grad).toBeAllclose(value, {rtol: 0});
  });

  it('leaks nothing', async () => {
    const [layer, x] = [unitDropout({rate: 0.5}), wave([2, 3, 4])];
    await expectNoLeaks(() => run(layer, x, true).dispose());
  });

  it.each([
    [1, 'rate must be < 1, got 1.'],
    [-0.1, 'rate must be >= 0, got -0.1.'],
  ])('rejects rate %d by name', (rate, message) => {
    expect(() => unitDropout({rate})).toThrow(new RangeError(`unitDropout: ${message}`));
  });
});
