import {type Initializer, paramSpec} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {momentsOf} from '../fixtures/moments.js';
import fixture from '../fixtures/torch.json' with {type: 'json'};
import {glorotNormal} from './glorotNormal.js';
import {glorotUniform} from './glorotUniform.js';
import {heNormal} from './heNormal.js';
import {heUniform} from './heUniform.js';
import {leCunNormal} from './leCunNormal.js';
import {leCunUniform} from './leCunUniform.js';
import {varianceScaling, type VarianceScalingOptions} from './varianceScaling.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** The kurtosis of a normal number that is cut off at two deviations. */
const TRUNCATED_KURTOSIS = 2.3664;

function draw(initializer: Initializer, shape: readonly number[], name = 'dense/kernel'): Float32Array {
  return initializer(paramSpec(name, shape), 42).dataSync<'float32'>();
}

describe('a million weights have the deviation of theory:', () => {
  it.each<[string, Initializer, number]>([
    ['glorotNormal', glorotNormal(), Math.sqrt(2 / (2000 + 500))],
    ['heNormal', heNormal(), Math.sqrt(2 / 2000)],
    ['leCunNormal', leCunNormal(), Math.sqrt(1 / 2000)],
    ['varianceScaling', varianceScaling({scale: 3, mode: 'fanOut'}), Math.sqrt(3 / 500)],
  ])('%s', (_, initializer, expected) => {
    const {mean, deviation, kurtosis, largest} = momentsOf(draw(initializer, [2000, 500]));
    expect(Math.abs(mean / expected)).toBeLessThan(0.004);
    expect(Math.abs(deviation / expected - 1)).toBeLessThan(0.003);
    expect(Math.abs(kurtosis - TRUNCATED_KURTOSIS)).toBeLessThan(0.01);
    expect(largest / expected).toBeLessThan(2 / 0.8796 + 1e-3);
  });

  it.each<[string, Initializer, number]>([
    ['glorotUniform', glorotUniform(), Math.sqrt(6 / (2000 + 500))],
    ['heUniform', heUniform(), Math.sqrt(6 / 2000)],
    ['leCunUniform', leCunUniform(), Math.sqrt(3 / 2000)],
  ])('%s, within its bounds', (_, initializer, bound) => {
    const {mean, deviation, kurtosis, smallest, largest} = momentsOf(draw(initializer, [2000, 500]));
    expect(Math.abs(mean / bound)).toBeLessThan(0.004);
    expect(Math.abs((deviation * Math.sqrt(3)) / bound - 1)).toBeLessThan(0.003);
    expect(Math.abs(kurtosis - 9 / 5)).toBeLessThan(0.01);
    expect(smallest / bound).toBeGreaterThanOrEqual(-1.000001);
    expect(largest / bound).toBeLessThanOrEqual(1.000001);
  });

  it('untruncated, with the tails of a normal distribution', () => {
    const initializer = varianceScaling({distribution: 'untruncatedNormal'});
    const {deviation, kurtosis} = momentsOf(draw(initializer, [2000, 500]));
    expect(Math.abs(deviation * Math.sqrt(2000) - 1)).toBeLessThan(0.003);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.02);
  });
});

describe('deviations and bounds are those of PyTorch', () => {
  const factories = {glorotNormal, glorotUniform, heNormal, heUniform, leCunNormal, leCunUniform};
  /** The largest numbers that these distributions give, over the deviation or bound. */
  const most = {Normal: 2 / 0.87962566103423978, Uniform: 1};

  const cases = fixture.kernels.flatMap((kernel) =>
    Object.entries(factories).map(([name, factory]) => {
      const expected = kernel[name as keyof typeof factories];
      return {shape: kernel.shape, name, factory, expected};
    }),
  );

  it.each(cases)('$name, shape $shape', ({shape, name, factory, expected}) => {
    // The same kernel, many times over: the largest of all weights is next to what is possible.
    const largest = Math.max(
      ...Array.from(
        {length: Math.ceil(20_000 / tf.util.sizeFromShape(shape))},
        (_, seed) => momentsOf(factory()(paramSpec('kernel', shape), seed).dataSync()).largest,
      ),
    );
    const bound = expected * most[name.endsWith('Normal') ? 'Normal' : 'Uniform'];
    expect(largest / bound).toBeGreaterThan(0.99);
    expect(largest / bound).toBeLessThanOrEqual(1.000001);
  });
});

describe('fans', () => {
  it('of a depthwise kernel are those of one channel', () => {
    const {deviation} = momentsOf(draw(heNormal(), [5, 4, 1000, 50], 'depthwise/depthwise_kernel'));
    expect(deviation * Math.sqrt((5 * 4) / 2)).toBeCloseTo(1, 2);
  });

  it('of a vector are its length', () => {
    const {deviation} = momentsOf(draw(leCunNormal(), [1_000_000], 'dense/bias'));
    expect(deviation * 1000).toBeCloseTo(1, 2);
  });

  it('of a recurrent kernel count all gates as outputs', () => {
    const {deviation} = momentsOf(draw(glorotNormal(), [500, 2000], 'lstm/recurrent_kernel'));
    expect(deviation * Math.sqrt((500 + 2000) / 2)).toBeCloseTo(1, 2);
  });

  it('of nothing give nothing', () => {
    expect(draw(heNormal(), [0, 3]).length).toBe(0);
  });
});

describe('varianceScaling refuses', () => {
  it.each<[unknown, Error]>([
    [{scale: 0}, new RangeError('varianceScaling: scale must be > 0, got 0.')],
    [
      {mode: 'fan_in'},
      new RangeError("varianceScaling: mode must be one of fanIn, fanOut, fanAvg, got the string 'fan_in'."),
    ],
    [
      {distribution: 'normal'},
      new RangeError(
        "varianceScaling: distribution must be one of truncatedNormal, untruncatedNormal, uniform, got the string 'normal'.",
      ),
    ],
    [
      {seed: 1},
      new TypeError("varianceScaling: there is no option 'seed'. Options: scale, mode, distribution."),
    ],
  ])('%o', (options, error) => {
    expect(() => varianceScaling(options as VarianceScalingOptions)).toThrow(error);
  });

  it.each(Object.entries({glorotNormal, glorotUniform, heNormal, heUniform, leCunNormal, leCunUniform}))(
    'a seed in %s',
    (name, factory) => {
      expect(() => factory({seed: 1} as never)).toThrow(
        new TypeError(`${name}: there is no option 'seed'. It has none.`),
      );
    },
  );
});
