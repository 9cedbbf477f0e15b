import {describe, expect, it} from 'vitest';
import fixture from '../fixtures/torch.json' with {type: 'json'};
import {gain} from './gain.js';

type Activation = Parameters<typeof gain>[0];

describe('gain is that of PyTorch', () => {
  it.each(Object.entries(fixture.gains))('for %s', (activation, expected) => {
    expect(gain(activation as Activation)).toBeCloseTo(expected, 14);
  });

  it.each(fixture.leakyGains as [number, number][])('for leakyRelu with slope %d', (slope, expected) => {
    expect(gain('leakyRelu', slope)).toBeCloseTo(expected, 14);
  });
});

describe('gain is 1 / √E[f(z)²]', () => {
  it.each<[Activation, (z: number) => number]>([
    ['elu', (z) => (z > 0 ? z : Math.expm1(z))],
    ['gelu', (z) => z * normalCdf(z)],
    ['swish', (z) => z / (1 + Math.exp(-z))],
    ['mish', (z) => z * Math.tanh(Math.log1p(Math.exp(z)))],
    ['relu', (z) => Math.max(z, 0)],
  ])('for %s', (activation, f) => {
    expect(gain(activation)).toBeCloseTo(1 / Math.sqrt(expectation((z) => f(z) ** 2)), 8);
  });
});

describe('gain refuses', () => {
  it('an activation that is not in the table, and tells which are', () => {
    expect(() => gain('softmax' as Activation)).toThrow(
      new RangeError(
        'gain: activation must be one of linear, sigmoid, tanh, relu, selu, elu, gelu, swish, mish, leakyRelu, ' +
          "got the string 'softmax'.",
      ),
    );
  });

  it('a slope where there is none', () => {
    expect(() => gain('relu', 0.2)).toThrow(new RangeError('gain: relu has no slope, got 0.2.'));
  });

  it('a slope that is no number', () => {
    expect(() => gain('leakyRelu', Number.NaN)).toThrow(
      new RangeError('gain: slope must be a finite number, got NaN.'),
    );
  });
});

/** E[g(z)] of z ~ N(0, 1), by the trapezoidal rule. */
function expectation(g: (z: number) => number): number {
  const step = 1e-3;
  let sum = 0;
  for (let i = -12_000; i <= 12_000; i++) sum += g(i * step) * Math.exp(-((i * step) ** 2) / 2);
  return (sum * step) / Math.sqrt(2 * Math.PI);
}

/** Its series: z φ(z) Σ z²ᵏ / (1 · 3 · … · (2k + 1)). */
function normalCdf(z: number): number {
  if (Math.abs(z) > 8) return z > 0 ? 1 : 0;
  let [term, sum] = [z, 0];
  for (let k = 1; Math.abs(term) > 1e-17; k++) {
    sum += term;
    term *= (z * z) / (2 * k + 1);
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
