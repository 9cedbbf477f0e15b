import {transformGradients} from '@gradwire/core';
import {testTransform, toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {trainOnBowl} from '../fixtures/bowl.js';
import fixture from '../fixtures/schedules.json' with {type: 'json'};
import {lookahead, type LookaheadOptions} from './index.js';

expect.extend({toBeAllclose});
beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

testTransform({factory: lookahead, options: {syncPeriod: 2, slowStepSize: 0.5}});
testTransform({
  factory: lookahead,
  options: {syncPeriod: 1, slowStepSize: 1},
  name: 'lookahead that changes nothing',
});

/** Where a weight at 0 is after each update, if each adds 1. */
function way(options: LookaheadOptions, updates: number): number[] {
  const w = tf.variable(tf.scalar(0));
  const optimizer = transformGradients(tf.train.sgd(1), lookahead(options));
  const places = Array.from({length: updates}, () => {
    optimizer.minimize(() => tf.neg(w) as tf.Scalar, false, [w]);
    return w.dataSync()[0]!;
  });
  optimizer.dispose();
  return places;
}

describe('lookahead', () => {
  it('goes five steps, and half the way with the sixth, by default', () => {
    expect(way({}, 13)).toEqual([1, 2, 3, 4, 5, 3, 4, 5, 6, 7, 8, 6, 7]);
  });

  it('goes another share of the way after another number of steps', () => {
    expect(way({syncPeriod: 4, slowStepSize: 0.25}, 9)).toEqual([1, 2, 3, 1, 2, 3, 4, 2, 3]);
  });

  it('changes nothing with a share of 1', () => {
    expect(way({syncPeriod: 2, slowStepSize: 1}, 5)).toEqual([1, 2, 3, 4, 5]);
  });

  it('leaves a parameter alone that has no gradient when it synchronises', () => {
    const [a, b] = [tf.variable(tf.scalar(0), true, 'a'), tf.variable(tf.scalar(0), true, 'b')];
    const optimizer = transformGradients(tf.train.sgd(1), lookahead({syncPeriod: 2}));
    const step = (...list: tf.Variable[]): void => {
      optimizer.minimize(() => tf.neg(tf.addN(list)) as tf.Scalar, false, list);
    };
    const places = (): number[] => [a, b].map((w) => w.dataSync()[0]!);
    step(a, b);
    step(a);
    expect(places()).toEqual([1, 1]);
    step(b);
    step(a, b);
    // b goes half the way from 0, where it began, to 3.
    expect(places()).toEqual([1.5, 1.5]);
    optimizer.dispose();
  });

  it.each(fixture.lookahead.cases)(
    'goes the way of a plain twin over 120 steps of $optimizer with $options',
    ({optimizer, rate, options, weights}) => {
      const inner = optimizer === 'sgd' ? tf.train.sgd(rate) : tf.train.adam(rate);
      const wrapped = transformGradients(inner, lookahead(options));
      const places = trainOnBowl(fixture.lookahead, wrapped, (w) => [...w.dataSync()]);
      expect(places).toHaveLength(120);
      expect(places.flat()).toBeAllclose(weights.flat(), {rtol: 1e-5, atol: 1e-5});
    },
  );

  it.each<[unknown, Error]>([
    [{k: 5}, new TypeError("lookahead: there is no option 'k'. Options: syncPeriod, slowStepSize.")],
    [{syncPeriod: 0}, new RangeError('lookahead: syncPeriod must be a whole number >= 1, got 0.')],
    [{slowStepSize: 0}, new RangeError('lookahead: slowStepSize must be > 0, got 0.')],
    [{slowStepSize: 1.5}, new RangeError('lookahead: slowStepSize must be <= 1, got 1.5.')],
  ])('rejects %o', (options, error) => {
    expect(() => lookahead(options as LookaheadOptions)).toThrow(error);
  });
});
