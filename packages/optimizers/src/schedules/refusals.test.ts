import {describe, expect, it} from 'vitest';
import * as optimizers from '../index.js';

type Factory = (...args: unknown[]) => unknown;

describe('what is refused, and how:', () => {
  it.each<[factory: string, args: unknown[], error: Error]>([
    ['constantSchedule', [{rate: -1}], new RangeError('rate must be >= 0, got -1.')],
    ['constantSchedule', [{}], new RangeError('rate must be a number >= 0, got undefined.')],
    ['stepDecay', [{rate: 1, every: 0}], new RangeError('every must be a whole number >= 1, got 0.')],
    ['stepDecay', [{rate: 1, every: 5, factor: 0}], new RangeError('factor must be > 0, got 0.')],
    [
      'stepDecay',
      [{rate: 1, gamma: 0.1}],
      new TypeError("there is no option 'gamma'. Options: rate, factor, every."),
    ],
    [
      'exponentialDecay',
      [{rate: 1, every: 1.5}],
      new RangeError('every must be a whole number >= 1, got 1.5.'),
    ],
    [
      'exponentialDecay',
      [0.1],
      new TypeError(
        'options must be an object, e.g. exponentialDecay({rate: 0.1, factor: 0.1, every: 10000}), got the number 0.1.',
      ),
    ],
    ['polynomialDecay', [{rate: 1, steps: 5, power: -1}], new RangeError('power must be > 0, got -1.')],
    ['polynomialDecay', [{rate: 1, end: NaN, steps: 5}], new RangeError('end must be >= 0, got NaN.')],
    ['cosineDecay', [{rate: 1}], new RangeError('steps must be a whole number >= 1, got undefined.')],
    ['cosineRestarts', [{rate: 1, period: 0}], new RangeError('period must be a whole number >= 1, got 0.')],
    [
      'cosineRestarts',
      [{rate: 1, period: 5, periodFactor: 0.5}],
      new RangeError('periodFactor must be >= 1, got 0.5.'),
    ],
    ['oneCycle', [{steps: 5}], new RangeError('peak must be a number >= 0, got undefined.')],
    ['oneCycle', [{peak: 1, steps: 1}], new RangeError('steps must be a whole number >= 2, got 1.')],
    [
      'oneCycle',
      [{peak: 1, steps: 5, warmup: 6}],
      new RangeError('warmup must be from 1 to steps, which is 5, got 6.'),
    ],
    [
      'oneCycle',
      [{peak: 1, steps: 5, shape: 'cos'}],
      new RangeError("shape must be 'cosine' or 'linear', got the string 'cos'."),
    ],
    ['cyclic', [{rate: 0, peak: 1, up: 2.5}], new RangeError('up must be a whole number >= 1, got 2.5.')],
    [
      'cyclic',
      [{rate: 0, peak: 1, up: 2, per: 'epoch'}],
      new RangeError("per must be 'cycle' or 'step', got the string 'epoch'."),
    ],
    [
      'inverseSquareRoot',
      [{peak: 1, warmup: 0}],
      new RangeError('warmup must be a whole number >= 1, got 0.'),
    ],
    ['linearWarmup', [{steps: -1}, () => 1], new RangeError('steps must be a whole number >= 0, got -1.')],
    [
      'linearWarmup',
      [{steps: 5}],
      new TypeError(
        'schedule must be a learning-rate schedule, e.g. (step) => 0.1 / (1 + step), got undefined.',
      ),
    ],
    [
      'piecewiseConstant',
      [{rates: 1, boundaries: []}],
      new TypeError('rates must be a list, got the number 1.'),
    ],
    [
      'piecewiseConstant',
      [{rates: [1, 2], boundaries: []}],
      new TypeError('there must be one boundary fewer than rates, got 0 and 2.'),
    ],
    [
      'piecewiseConstant',
      [{rates: [1, -2], boundaries: [3]}],
      new RangeError('rates[1] must be >= 0, got -2.'),
    ],
    [
      'piecewiseConstant',
      [{rates: [1, 2, 3], boundaries: [4, 4]}],
      new RangeError('boundaries[1] must be a whole number >= 5, got 4.'),
    ],
    ['joinSchedules', [[() => 1], undefined], new TypeError('boundaries must be a list, got undefined.')],
    [
      'joinSchedules',
      [[], []],
      new TypeError('there must be one boundary fewer than schedules, got 0 and 0.'),
    ],
    [
      'joinSchedules',
      [[() => 1, 0.1], [5]],
      new TypeError(
        'schedules[1] must be a learning-rate schedule, e.g. (step) => 0.1 / (1 + step), got the number 0.1.',
      ),
    ],
    ['reduceOnPlateau', [{rate: 1, factor: 1}], new RangeError('factor must be < 1, got 1.')],
    [
      'reduceOnPlateau',
      [{rate: 1, patience: -1}],
      new RangeError('patience must be a whole number >= 0, got -1.'),
    ],
    [
      'reduceOnPlateau',
      [{rate: 1, mode: 'auto'}],
      new RangeError("mode must be 'min' or 'max', got the string 'auto'."),
    ],
    [
      'reduceOnPlateau',
      [{rate: 1, thresholdMode: 'rel'}],
      new RangeError("thresholdMode must be 'relative' or 'absolute', got the string 'rel'."),
    ],
    [
      'reduceOnPlateau',
      [{rate: 1, metric: 3}],
      new TypeError("metric must be a name, e.g. 'val_loss', got the number 3."),
    ],
  ])('%s of %o', (factory, args, {name, message}) => {
    const make = (optimizers as unknown as Record<string, Factory>)[factory]!;
    const error = name === 'TypeError' ? TypeError : RangeError;
    expect(() => make(...args)).toThrow(new error(`${factory}: ${message}`));
  });
});
