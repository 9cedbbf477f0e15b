import type * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import * as layers from './index.js';

type Factory = (options: unknown) => tf.layers.Layer;
const factories = layers as unknown as Readonly<Record<string, Factory>>;
const names = 'name, inputShape';
const pixels = `fillMode, fillValue, interpolation, ${names}`;

it.each([
  ['gelu', {approximate: 1}, 'approximate must be true or false, got the number 1.'],
  ['gradientNormalization', {epsilon: -1}, 'epsilon must be >= 0, got -1.'],
  ['gradientNormalization', {eps: 1}, `there is no option 'eps'. Options: ${names}, epsilon.`],
  ['hardSwish', {beta: 1}, `there is no option 'beta'. Options: ${names}.`],
  ['mish', {beta: 1}, `there is no option 'beta'. Options: ${names}.`],
  ['randomContrast', {factor: -0.1}, 'factor must be a number >= 0 or [lower, upper], from -1 on, got -0.1.'],
  ['randomContrast', {factor: [-2, 0]}, 'factor must be a number >= 0 or [lower, upper], from -1 on, got [-2,0].'],
  ['randomFlip', {mode: 'both'}, "mode must be 'horizontal' or 'vertical' or 'horizontalAndVertical', got the string 'both'."],
  ['randomizedLeakyReLU', {lower: 0.5}, `upper must be >= lower, 0.5, got ${1 / 3}.`],
  ['randomizedLeakyReLU', {lower: -1}, 'lower must be >= 0, got -1.'],
  ['randomRotation', {factor: [0.2, 0.1]}, 'factor must be a number >= 0 or [lower, upper], in [-1, 1], got [0.2,0.1].'],
  ['randomRotation', {factor: 'all'}, "factor must be a number >= 0 or [lower, upper], in [-1, 1], got the string 'all'."],
  ['randomRotation', {factor: 1, fillMode: 'wrap'}, "fillMode must be 'reflect' or 'nearest' or 'constant', got the string 'wrap'."],
  ['randomRotation', {factor: 1, fillValue: NaN}, 'fillValue must be a finite number, got NaN.'],
  ['randomTranslation', {height: 1}, `there is no option 'height'. Options: heightFactor, widthFactor, ${pixels}.`],
  ['randomTranslation', {heightFactor: 0.1}, 'widthFactor must be a number >= 0 or [lower, upper], in [-1, 1], got undefined.'],
  ['randomZoom', {heightFactor: 0.1, interpolation: 'cubic'}, "interpolation must be 'bilinear' or 'nearest', got the string 'cubic'."],
  ['softplus', {threshold: 0}, 'threshold must be > 0, got 0.'],
  ['squareplus', {b: 0}, 'b must be > 0, got 0.'],
  ['standardize', {axis: 1}, `there is no option 'axis'. Options: ${names}.`],
  ['swish', {beta: 0}, 'beta must be > 0, got 0.'],
  ['swish', {trainableBeta: 'yes'}, "trainableBeta must be true or false, got the string 'yes'."],
  ['unitDropout', undefined, "options must be an object, e.g. unitDropout({rate: 0.5, name: 'first', inputShape: [3]}), got undefined."],
])('%s rejects %j by name', (name, options, message) => {
  expect(() => factories[name]!(options)).toThrow(`${name}: ${message}`);
}); // prettier-ignore
