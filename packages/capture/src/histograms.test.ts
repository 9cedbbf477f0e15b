import {every} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {layer} from '../fixtures/layers.js';
import {useCpu} from '../fixtures/useCpu.js';
import {histograms, type HistogramsOptions} from './histograms.js';

useCpu();

const when = every(1);

testCapture({factory: histograms, options: {of: 'gradients', when}});

const context = () => {
  const layers = [layer('hidden'), layer('out', {isOutput: true})];
  return captureContext({
    layers,
    stages: [
      {name: 'raw', gradients: {w: tf.tensor1d([1])}},
      {name: 'clip', gradients: {w: tf.tensor1d([2])}},
    ],
    rawGradients: {w: tf.tensor1d([1])},
    gradients: {w: tf.tensor1d([3])},
    weightsBefore: {w: tf.tensor1d([1]), v: tf.tensor1d([0])},
    weightsAfter: {w: tf.tensor1d([5]), v: tf.tensor1d([0])},
    activations: {hidden: tf.tensor1d([6]), 'hidden#2': tf.tensor1d([7], 'int32'), out: tf.tensor1d([0])},
    activationGradients: {hidden: tf.tensor1d([8])},
  });
};

it.each<[string, Omit<HistogramsOptions, 'when'>, Readonly<Record<string, number>>]>([
  ['histograms/gradients', {of: 'gradients'}, {w: 1}],
  ['histograms/gradients/clip', {of: 'gradients', stage: 'clip'}, {w: 2}],
  ['histograms/gradients/final', {of: 'gradients', stage: 'final', parameters: 'w'}, {w: 3}],
  ['histograms/weights', {of: 'weights'}, {w: 5, v: 0}],
  ['histograms/updates', {of: 'updates', parameters: 'w'}, {w: 4}],
  ['histograms/activations', {of: 'activations', layers: 'hidden'}, {hidden: 6, 'hidden#2': 7}],
  ['histograms/backward', {of: 'backward'}, {hidden: 8}],
])('%s counts what it says', async (name, options, expected) => {
  const capture = histograms({...options, when, bins: 10, range: [0, 10]});
  const {arrays, values} = await readMeasurements(capture.measure(context()));
  const found = Object.entries(arrays).map(([subject, {counts}]) => [subject, counts!.indexOf(1)]);
  expect([capture.name, Object.fromEntries(found)]).toEqual([name, expected]);
  expect(values[Object.keys(expected)[0]!]).toEqual({nonFinite: 0, under: 0, over: 0});
});

it('has 30 bins from the smallest to the largest entry by default', async () => {
  const ctx = captureContext({gradients: {w: tf.tensor1d([-1, 2])}});
  const {arrays, values} = await readMeasurements(histograms({of: 'gradients', when}).measure(ctx));
  const {counts, edges} = arrays['w']!;
  expect([counts!.length, edges!.length, edges![0], edges!.at(-1)]).toEqual([30, 31, -1, 2]);
  expect(values).toEqual({w: {nonFinite: 0}});
});

it('asks for the layers that it looks into', () => {
  const asked = ({activations, activationGradients}: ReturnType<typeof histograms>) =>
    [activations, activationGradients].map(
      (selector) => typeof selector === 'function' && ['a', 'b'].filter((name) => selector(layer(name))),
    );
  expect(asked(histograms({of: 'activations', when, layers: 'a'}))).toEqual([['a'], false]);
  expect(asked(histograms({of: 'backward', when}))).toEqual([false, ['a', 'b']]);
  expect(asked(histograms({of: 'weights', when}))).toEqual([false, false]);
});

it.each<[unknown, string]>([
  [
    {of: 'loss'},
    "of must be 'gradients', 'weights', 'updates', 'activations' or 'backward', got the string 'loss'.",
  ],
  [{of: 'weights', layers: 'a'}, "there is no option 'layers' with of: 'weights'."],
  [{of: 'updates', stage: 'raw'}, "there is no option 'stage' with of: 'updates'."],
  [{of: 'activations', parameters: 'a'}, "there is no option 'parameters' with of: 'activations'."],
  [{of: 'weights', bins: 0}, 'bins must be a whole number >= 1, got 0.'],
  [
    {of: 'weights', range: 'log'},
    "range must be 'auto', 'symlog' or [lowest, highest], got the string 'log'.",
  ],
  [{of: 'weights', range: [1]}, "range must be 'auto', 'symlog' or [lowest, highest], got a list of 1."],
  [
    {of: 'weights', range: [1, 1 + 1e-6]},
    'range must go from a number to a larger one, finite and wide enough for 30 bins of float32, got [1,1.000001].',
  ],
  [
    {of: 'weights', range: [1, 0], bins: 2},
    'range must go from a number to a larger one, finite and wide enough for 2 bins of float32, got [1,0].',
  ],
  [
    {of: 'weights', range: [0, Infinity], bins: 2},
    'range must go from a number to a larger one, finite and wide enough for 2 bins of float32, got [0,Infinity].',
  ],
])('rejects %j', (options, message) => {
  expect(() => histograms({when, ...(options as Omit<HistogramsOptions, 'when'>)})).toThrow(
    `histograms: ${message}`,
  );
});
