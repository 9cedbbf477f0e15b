import {transformGradients} from '@gradwire/core';
import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {apply} from '../fixtures/apply.js';
import {anyGradients, entriesOf, expectSameForm, norm, positive, tensorsOf} from '../fixtures/gradients.js';
import {clipByGlobalNorm} from './clipByGlobalNorm.js';
import {clipUpdates, type ClipUpdatesOptions} from './clipUpdates.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => {
  tf.engine().endScope();
  tf.disposeVariables();
});

testTransform({factory: clipUpdates, options: {maxNorm: 0.01}});

describe('clipUpdates', () => {
  it('works on updates', () => {
    expect(clipUpdates({maxNorm: 1}).on).toBe('updates');
  });

  it('leaves small updates exactly alone and brings large ones to maxNorm', () => {
    const updates = {a: tf.tensor1d([3]), b: tf.tensor1d([0, 4])};
    expect(entriesOf(apply(clipUpdates({maxNorm: 5}), updates))).toEqual([3, 0, 4]);
    expect(entriesOf(apply(clipUpdates({maxNorm: 1}), updates))).toEqual([0.6, 0, 0.8].map(Math.fround));
  });

  it('lets no step of Adam be longer than maxNorm', () => {
    const weights = {
      a: tf.variable(tf.tensor1d([1, -2]), true, 'a'),
      b: tf.variable(tf.scalar(3), true, 'b'),
    };
    const optimizer = transformGradients(tf.train.adam(0.1), clipUpdates({maxNorm: 0.05}));
    for (let step = 0; step < 5; step++) {
      const before = entriesOf(weights);
      optimizer.minimize(() => tf.add(tf.sum(tf.square(weights.a)), tf.square(weights.b)) as tf.Scalar);
      const moved = norm(entriesOf(weights).map((value, i) => value - before[i]!));
      expect(moved).toBeAllclose(0.05, {rtol: 1e-5});
    }
    optimizer.dispose();
  });

  it('leaves the steps of Adam alone that are shorter', () => {
    const weights = ['clipped', 'plain'].map((name) => tf.variable(tf.tensor1d([1, -2]), true, name));
    const optimizers = [
      transformGradients(tf.train.adam(0.1), clipUpdates({maxNorm: 1})),
      tf.train.adam(0.1),
    ];
    for (const [i, w] of weights.entries()) {
      optimizers[i]!.minimize(() => tf.sum(tf.square(w)) as tf.Scalar, false, [w]);
      optimizers[i]!.dispose();
    }
    expect(weights[0]).toBeAllclose(weights[1], {rtol: 1e-6});
  });

  it.each<[unknown, Error]>([
    [
      undefined,
      new TypeError('clipUpdates: options must be an object, e.g. clipUpdates({maxNorm: 1}), got undefined.'),
    ],
    [{norm: 1}, new TypeError("clipUpdates: there is no option 'norm'. Options: maxNorm.")],
    [{maxNorm: 0}, new RangeError('clipUpdates: maxNorm must be > 0, got 0.')],
  ])('rejects %o', (options, error) => {
    expect(() => clipUpdates(options as ClipUpdatesOptions)).toThrow(error);
  });
});

describe('clipUpdates, whatever the updates,', () => {
  it('does as clipByGlobalNorm with gradients', () => {
    fc.assert(
      fc.property(anyGradients, positive, (updates, maxNorm) => {
        const clipped = apply(clipUpdates({maxNorm}), tensorsOf(updates));
        expectSameForm(clipped, updates);
        const wanted = apply(clipByGlobalNorm({maxNorm}), tensorsOf(updates));
        expect(entriesOf(clipped)).toEqual(entriesOf(wanted));
      }),
    );
  });
});
