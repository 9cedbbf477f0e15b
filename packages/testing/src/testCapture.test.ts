import {type Capture, type CaptureContext, every, mapTensors, statisticsOfEach} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, describe, expect, it, vi} from 'vitest';
import {runCaptureCheck} from './captureChecks/captureCheck.js';
import {captureChecks} from './captureChecks/index.js';
import {type CaptureUnderTest, testCapture, toCaptureSubject} from './testCapture.js';

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => vi.restoreAllMocks());

const when = every(1);

/** A record of scalars, and arrays at the end. */
function largest({factor}: {factor: number}): Capture {
  return Object.freeze<Capture>({
    name: 'largest',
    when,
    measure: ({rawGradients}) =>
      Object.fromEntries(
        Object.entries(rawGradients).map(([name, g]) => [name, {max: tf.mul(tf.max(tf.abs(g)), factor)}]),
      ),
    finish: ({weights}) => ({all: mapTensors(weights, (w) => tf.clone(w))}),
  });
}

/** A table, of layers, of a class. */
class Outputs implements Capture {
  readonly name = 'outputs';
  readonly when = when;
  readonly activations = '**/conv';

  check({layers}: {layers: readonly unknown[]}): void {
    if (layers.length === 0) throw new Error('no layers');
  }

  measure({activations}: CaptureContext) {
    const own = Object.fromEntries(Object.entries(activations).filter(([name]) => name.endsWith('conv')));
    return {subjects: Object.keys(own), ...statisticsOfEach(own)};
  }
}

/** Looks at a stage, and returns what it was given. */
const stageOf = ({stage}: {stage: string}): Capture =>
  capture({
    check({stages}) {
      if (!stages.includes(stage)) throw new Error(`no stage ${stage}`);
    },
    measure: ({stages}) => ({[stage]: stages.find(({name}) => name === stage)!.gradients}),
  });

describe('testCapture passes', () => {
  testCapture({factory: largest, options: {factor: 2}});
  testCapture({factory: () => new Outputs(), options: undefined});
  testCapture({factory: stageOf, options: {stage: 'noise'}, name: 'stageOf', stages: ['clip', 'noise']});
});

/** A capture that does nothing wrong but in these parts. */
function capture(parts: Partial<Capture>): Capture {
  return Object.freeze<Capture>({name: 'broken', when, measure: () => ({}), ...parts});
}

/** Titles of the checks that fail. */
async function failing(create: () => unknown): Promise<string[]> {
  // A promise in tf.tidy.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const subject = toCaptureSubject({factory: create as () => Capture, options: undefined, name: 'broken'});
  const titles: string[] = [];
  for (const check of captureChecks) {
    await runCaptureCheck(check, subject).catch(() => titles.push(check.title));
  }
  return titles;
}

const title = {
  frozen: 'is a frozen literal, or an object of a class, with a name',
  parts: 'has a schedule, a measure, and selectors of the layers that it asks for',
  accepts: 'accepts a run that has what it measures',
  returns: 'returns tensors of numbers by subject and quantity, or a table of them',
  clone: 'measures plain data: it survives a structured clone',
  end: 'returns the like at the end of a run, if anything',
  inputs: 'neither changes nor disposes what it is given',
  reads: 'reads nothing back: that is done once, for all captures of a step',
  leaks: 'leaks nothing but what it returns',
  same: 'gives the same for the same step, and so does another one',
  holes: 'measures where gradients are missing',
  layers: 'does without layers where it asks for none',
  asked: 'looks into no other layers than it asks for',
  zeros: 'measures tensors of 0',
  huge: 'measures tensors of 1e+30',
  nan: 'measures tensors of NaN',
};

/** What needs a measurement that can be read. */
const read = [
  title.returns,
  title.clone,
  title.same,
  title.holes,
  title.layers,
  title.asked,
  title.zeros,
  title.huge,
  title.nan,
];

describe('testCapture fails', () => {
  it('has a title for every check', () => {
    expect(captureChecks.map((check) => check.title)).toEqual(Object.values(title));
  });

  it.each<[string, () => unknown, readonly string[]]>([
    ['a literal that is not frozen', () => ({...largest({factor: 1})}), [title.frozen]],
    ['a capture without a name', () => capture({name: ''}), [title.frozen]],
    ['a schedule that was not called', () => capture({when: every as never}), [title.parts]],
    ['a list of layers', () => capture({activations: ['a'] as never}), [title.parts, title.asked]],
    [
      'a capture that refuses the run',
      () => capture({check: ({parameters}) => expect(Object.keys(parameters)).toContain('w')}),
      [title.accepts, title.layers],
    ],
    ['numbers instead of tensors', () => capture({measure: () => ({w: {norm: 1 as never}})}), read],
    ['texts', () => capture({measure: () => ({w: {norm: tf.scalar('1')}})}), read],
    ['a promise', () => capture({measure: (async () => ({})) as never}), read],
    ['a tensor without a name', () => capture({measure: () => tf.scalar(1) as never}), read],
    [
      'a table of another shape',
      () => capture({measure: () => ({subjects: ['a'], quantities: ['b', 'c'], values: tf.zeros([2, 1])})}),
      read,
    ],
    [
      'a table with a name twice',
      () => capture({measure: () => ({subjects: ['a', 'a'], quantities: ['b'], values: tf.zeros([2, 1])})}),
      read,
    ],
    ['a bad end', () => capture({finish: () => 1 as never}), [title.end]],
    [
      'a capture that disposes a gradient',
      () =>
        capture({
          measure({rawGradients}) {
            tf.dispose(rawGradients);
            return {};
          },
        }),
      [title.inputs],
    ],
    [
      'a capture that reads back',
      () =>
        capture({
          measure: ({loss}) => ({all: {loss: tf.scalar(loss.dataSync()[0]!)}}),
        }),
      [title.reads],
    ],
    [
      'a capture that reads back at the end',
      () =>
        capture({
          finish: ({weights}) => ({all: mapTensors(weights, (w) => tf.tensor(w.dataSync()))}),
        }),
      [title.reads],
    ],
    [
      'a capture that keeps a tensor',
      () => capture({measure: ({loss}) => ({all: {loss: tf.keep(tf.neg(loss))}})}),
      [title.leaks],
    ],
    [
      'a capture that counts its calls',
      () => {
        let calls = 0;
        return capture({measure: () => ({all: {calls: tf.scalar(calls++)}})});
      },
      [title.same, title.asked],
    ],
    [
      'a capture that cannot do without a gradient',
      () =>
        capture({
          measure: ({rawGradients}) => ({all: {bias: tf.sum(rawGradients['conformance/dense/bias']!)}}),
        }),
      [title.holes],
    ],
    [
      'a capture that needs layers without asking for any',
      () => capture({measure: ({activations}) => ({all: {sum: tf.sum(activations['conformance/conv']!)}})}),
      [title.layers, title.asked],
    ],
    [
      'a capture that takes what others have asked for',
      () =>
        capture({
          activations: '**/dense',
          measure: ({activations}) => ({all: mapTensors(activations, (a) => tf.sum(a))}),
        }),
      [title.asked],
    ],
  ])('%s', async (_what, create, expected) => {
    expect(await failing(create)).toEqual(expected);
  });

  it.each<[string, number, string]>([
    ['zeros', 0, title.zeros],
    ['huge entries', 1e30, title.huge],
    ['NaN', NaN, title.nan],
  ])('a capture that throws at %s', async (_what, magnitude, expected) => {
    const create = () =>
      capture({
        measure({loss}) {
          // What a capture cannot see without reading: the bench's loss is what its entries are.
          const value = tf.backend().readSync(loss.dataId)[0]!;
          if (Object.is(Math.fround(magnitude), value)) throw new Error('too much');
          return {};
        },
      });
    expect(await failing(create)).toEqual([expected]);
  });
});

describe('testCapture rejects', () => {
  it.each<[string, unknown, string]>([
    [
      'nothing',
      undefined,
      "options must be an object, e.g. testCapture({factory: gradientStats, options: {when: every(1)}, name: 'gradientStats', stages: ['clipByGlobalNorm']}), got undefined.",
    ],
    [
      'an unknown key',
      {capture: 1},
      "there is no option 'capture'. Options: factory, options, name, stages.",
    ],
    [
      'a capture',
      {factory: largest({factor: 1}), options: {}},
      'factory must be a function that makes a capture, got a plain object.',
    ],
  ])('%s', (_what, given, message) => {
    expect(() => testCapture(given as CaptureUnderTest<unknown>)).toThrow(
      new TypeError(`testCapture: ${message}`),
    );
  });
});
