import {type CaptureContext, every, logSpaced, type NamedTensors} from '@gradwire/core';
import {expectNoLeaks} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, expect, it} from 'vitest';
import {chainNorms, type ChainNormsOptions} from './chainNorms.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

type Stages = readonly (readonly [name: string, gradients: NamedTensors])[];

function context(stages: Stages): CaptureContext {
  return {
    step: 0,
    epoch: 0,
    batch: 0,
    stages: stages.map(([name, gradients]) => ({name, gradients})),
    rawGradients: stages[0]![1],
    gradients: stages.at(-1)![1],
    weightsBefore: {},
    weightsAfter: {},
    loss: tf.scalar(0),
  };
}

/** What is measured of these stages, in order. */
function measured(stages: Stages): [stage: string, quantities: Record<string, number>][] {
  const measurements = chainNorms({when: every(1)}).measure(context(stages));
  return Object.entries(measurements).map(([stage, quantities]) => [
    stage,
    Object.fromEntries(Object.entries(quantities).map(([key, tensor]) => [key, tensor.dataSync()[0]!])),
  ]);
}

const ofNorm = (norm: number): NamedTensors => ({a: tf.scalar(norm)});

it('measures the joint norm of all gradients at every stage, in the order of the chain', () => {
  const raw = {a: tf.tensor2d([[1], [2]]), b: tf.scalar(-2)};
  const clipped = {a: tf.tensor2d([[0], [0.3]]), b: tf.scalar(-0.4)};
  expect(
    measured([
      ['raw', raw],
      ['clipByGlobalNorm', clipped],
    ]),
  ).toEqual([
    ['raw', {norm: expect.closeTo(3, 6)}],
    ['clipByGlobalNorm', {norm: expect.closeTo(0.5, 6)}],
  ]);
});

it('without transforms measures the raw gradients', () => {
  expect(measured([['raw', ofNorm(2)]])).toEqual([['raw', {norm: 2}]]);
});

it('numbers a name that occurs again', () => {
  const names = ['raw', 'noise', 'clip', 'noise', 'raw', 'noise'];
  expect(measured(names.map((name, i) => [name, ofNorm(i + 1)]))).toEqual([
    ['raw', {norm: 1}],
    ['noise', {norm: 2}],
    ['clip', {norm: 3}],
    ['noise#2', {norm: 4}],
    ['raw#2', {norm: 5}],
    ['noise#3', {norm: 6}],
  ]);
});

it('of no gradients measures 0', () => {
  expect(measured([['raw', {}]])).toEqual([['raw', {norm: 0}]]);
});

it('leaves nothing behind but what it returns', async () => {
  const ctx = context([
    ['raw', ofNorm(2)],
    ['clip', ofNorm(1)],
  ]);
  await expectNoLeaks(() => {
    for (const {norm} of Object.values(chainNorms({when: every(1)}).measure(ctx))) norm!.dispose();
  });
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
