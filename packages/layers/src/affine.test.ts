import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import fixtures from '../fixtures/affine.json' with {type: 'json'};
import {expectRightGradient} from '../fixtures/checkGradients.js';
import {useCpu} from '../fixtures/useCpu.js';
import {wave} from '../fixtures/wave.js';
import {affine, type AffineOptions} from './affine.js';

useCpu();

const images = (): tf.Tensor4D =>
  tf.tensor(fixtures.images, fixtures.shape as [number, number, number, number]);
const {fillValue} = fixtures;

describe('affine agrees with SciPy', () => {
  it.each(fixtures.cases)('$fillMode, $interpolation', ({fillMode, interpolation, moved}) => {
    const options = {fillMode, interpolation, fillValue} as AffineOptions;
    expect(affine(images(), tf.tensor2d(fixtures.maps), options)).toBeAllclose(
      tf.tensor(moved, fixtures.shape),
      {rtol: 1e-4, atol: 1e-5},
    );
  });
});

describe('affine agrees with tf.image.transform', () => {
  it.each(['constant', 'nearest', 'reflect'] as const)('%s', (fillMode) => {
    const options = {fillMode, interpolation: 'bilinear', fillValue} as const;
    const ours = affine(images(), tf.tensor2d(fixtures.maps), options);
    // One by one: on the cpu backend tfjs loses all images but the first.
    const theirs = fixtures.maps.map((map, i) =>
      tf.image.transform(
        tf.slice(images(), [i], [1]),
        tf.tensor2d([[...map, 0, 0]]),
        'bilinear',
        fillMode,
        fillValue,
      ),
    );
    expect(ours).toBeAllclose(tf.concat(theirs), {rtol: 1e-4, atol: 1e-5});
  });
});

it('affine has the gradient that differences show', () => {
  const maps = tf.tensor2d([[0.9, -0.3, 0.4, 0.2, 1.1, -0.6]]);
  const options = {fillMode: 'reflect', interpolation: 'bilinear', fillValue: 0} as const;
  expectRightGradient((x) => affine(x as tf.Tensor4D, maps, options), wave([1, 3, 4, 2]));
});
