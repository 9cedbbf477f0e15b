import {type CaptureContext, every, logSpaced, type NamedTensors} from '@gradwire/core';
import {captureContext, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';
import {useCpu} from '../fixtures/useCpu.js';
import {chainNorms, type ChainNormsOptions} from './chainNorms.js';

useCpu();

testCapture({factory: chainNorms, options: {when: every(1)}});

type Stages = readonly (readonly [name: string, gradients: NamedTensors])[];

const context = (stages: Stages): CaptureContext =>
  captureContext({
    stages: stages.map(([name, gradients]) => ({name, gradients})),
    rawGradients: stages[0]![1],
    gradients: stages.at(-1)![1],
  });

/** What is measured of these stages, in order. */
async function measured(
  stages: Stages,
): Promise<[stage: string, quantities: Readonly<Record<string, number>>][]> {
  return Object.entries(
    (await readMeasurements(chainNorms({when: every(1)}).measure(context(stages)))).values,
  );
}

const ofNorm = (norm: number): NamedTensors => ({a: tf.scalar(norm)});

it('measures the joint norm of all gradients at every stage, in the order of the chain', async () => {
  const raw = {a: tf.tensor2d([[1], [2]]), b: tf.scalar(-2)};
  const clipped = {a: tf.tensor2d([[0], [0.3]]), b: tf.scalar(-0.4)};
  expect(
    await measured([
      ['raw', raw],
      ['clipByGlobalNorm', clipped],
    ]),
  ).toEqual([
    ['raw', {norm: expect.closeTo(3, 6)}],
    ['clipByGlobalNorm', {norm: expect.closeTo(0.5, 6)}],
  ]);
});

it('without transforms measures the raw gradients', async () => {
  expect(await measured([['raw', ofNorm(2)]])).toEqual([['raw', {norm: 2}]]);
});

it('of no gradients measures 0', async () => {
  expect(await measured([['raw', {}]])).toEqual([['raw', {norm: 0}]]);
});

it.each<[string, unknown, string]>([
  ['nothing', undefined, 'options must be an object, e.g. chainNorms({when: every(10)}), got undefined.'],
  ['an unknown option', {When: every(10)}, "there is no option 'When'. Options: when."],
  ['no schedule', {}, 'when must be a step schedule, e.g. every(10), got undefined.'],
  [
    'a schedule that was not called',
    {when: logSpaced},
    'when must be a step schedule, e.g. every(10), got the function logSpaced. Was it not called?',
  ],
])('rejects %s', (_name, options, message) => {
  expect(() => chainNorms(options as ChainNormsOptions)).toThrow(new TypeError(`chainNorms: ${message}`));
});

it('is due when it is told', () => {
  const {when} = chainNorms({when: every(10)});
  expect([9, 10, 11].map((step) => when(step, {epoch: 0, batch: 0}))).toEqual([false, true, false]);
});

it('is a frozen literal by its own name', () => {
  const capture = chainNorms({when: every(1)});
  expect([capture.name, Object.isFrozen(capture)]).toEqual(['chainNorms', true]);
});
