import * as tf from '@tensorflow/tfjs';
import {afterEach, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest';
import {runTransform} from '../fixtures/runTransform.js';
import {compiled, loaded, saved, scaled} from '../fixtures/training.js';
import {onUpdates, withTraits} from '../fixtures/transforms.js';
import {
  accumulateGradients,
  chain,
  everyNSteps,
  type GradientTransform,
  lintChain,
  masked,
  partition,
  registerTransforms,
  scheduled,
  shadow,
  transformGradients,
  when,
} from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const noise = (seed?: number) => withTraits('noise', {kind: 'noise'}, seed === undefined ? {} : {seed});
const otherNoise = () => withTraits('otherNoise', {kind: 'noise'});
const clip = (scope: 'entry' | 'unit' | 'parameter' | 'layer' | 'global', name = `${scope}Clip`) =>
  withTraits(name, {kind: 'clip', scope});
const normalize = (scope: 'entry' | 'parameter' | 'layer' | 'global') =>
  withTraits(`${scope}Normalize`, {kind: 'normalize', scope});
const zeroing = () => withTraits('zeroing', {kind: 'guard', scope: 'entry'});
const skipping = () => withTraits('skipping', {kind: 'guard', scope: 'global'});
const accumulate = () => accumulateGradients({steps: 2});
const plain = () => scaled({factor: 1});

const NOISE_LAST =
  'the noise is cut or scaled with the gradient, so its variance is not what you have set. Add noise last.';
const SIZE_FIXED =
  'the size is fixed already, so clipping acts always or never. Clip alone, or leave it out and set the learning rate.';
const SIZE_FORGOTTEN =
  'normalizing forgets the size, so clipping before it has no effect. Leave one of them out.';
const TWO_LIMITS = 'the tighter limit hides the other. Keep one.';
const GUARD_FIRST = 'an entry that is not finite has spread by then. Put the guard first.';
const MEAN_LATER = 'the gradient of every batch is scaled by itself, not their mean. Accumulate first.';
const SAME_NOISE = 'the same noise is added to every batch of an update. Accumulate first.';
const SAME_NUMBERS = 'both draw the same numbers. Give each a seed of its own.';
const OUTPUT_LAYER =
  "it clips the output layer, too, which its authors leave out. Select the others, e.g. masked('!(logits)/**', …) where the output layer is named logits.";

describe('warns of', () => {
  test.each<[string, GradientTransform[], string]>([
    ['noise before clipping by the global norm', [noise(), clip('global')], NOISE_LAST],
    ['noise before clipping by layer', [noise(), clip('layer')], NOISE_LAST],
    ['noise before clipping by parameter', [noise(), clip('parameter')], NOISE_LAST],
    ['noise before clipping entries', [noise(), clip('entry')], NOISE_LAST],
    ['noise before normalizing', [noise(), normalize('parameter')], NOISE_LAST],
    ['clipping after normalizing the same', [normalize('global'), clip('global')], SIZE_FIXED],
    ['clipping after normalizing its parts', [normalize('parameter'), clip('global')], SIZE_FIXED],
    ['clipping entries after taking signs', [normalize('entry'), clip('entry')], SIZE_FIXED],
    ['clipping before normalizing the same', [clip('parameter'), normalize('parameter')], SIZE_FORGOTTEN],
    ['clipping before normalizing its parts', [clip('global'), normalize('layer')], SIZE_FORGOTTEN],
    ['clipping before taking signs', [clip('global'), normalize('entry')], SIZE_FORGOTTEN],
    ['the same clip twice', [clip('global'), clip('global')], TWO_LIMITS],
    ['two clips of the global norm', [clip('global', 'clipSpikes'), clip('global')], TWO_LIMITS],
    ['the same clip of entries twice', [clip('entry'), clip('entry')], TWO_LIMITS],
    ['zeroing NaN after clipping', [clip('global'), zeroing()], GUARD_FIRST],
    ['zeroing NaN after normalizing', [normalize('parameter'), zeroing()], GUARD_FIRST],
    ['accumulating after clipping', [clip('global'), accumulate()], MEAN_LATER],
    ['accumulating after normalizing', [normalize('parameter'), accumulate()], MEAN_LATER],
    ['accumulating after noise', [noise(), accumulate()], SAME_NOISE],
    ['the same noise twice', [noise(), noise()], SAME_NUMBERS],
    ['the same noise twice with one seed', [noise(3), noise(3)], SAME_NUMBERS],
  ])('%s', (_what, transforms, reason) => {
    const names = transforms.map(({name}) => name);
    expect(lintChain(transforms)).toEqual([{transforms: names, reason}]);
  });

  test('adaptive clipping of all layers', () => {
    expect(lintChain([clip('unit')])).toEqual([{transforms: ['unitClip'], reason: OUTPUT_LAYER}]);
  });

  test('a pair with others in between', () => {
    expect(lintChain([noise(), plain(), clip('global')])).toEqual([
      {transforms: ['noise', 'globalClip'], reason: NOISE_LAST},
    ]);
  });

  test('every pair', () => {
    expect(lintChain([noise(), clip('global'), accumulate()])).toEqual([
      {transforms: ['noise', 'globalClip'], reason: NOISE_LAST},
      {transforms: ['noise', 'accumulateGradients'], reason: SAME_NOISE},
      {transforms: ['globalClip', 'accumulateGradients'], reason: MEAN_LATER},
    ]);
  });
});

describe('warns of noise before a clip', () => {
  test.each<[string, GradientTransform[]]>([
    ['in one chain', [chain(noise(), clip('global'))]],
    ['in two chains', [chain(plain(), noise()), chain(clip('global'))]],
    ['behind one mask', [masked('**', chain(noise(), clip('global')))]],
    ['behind two masks, one in the other', [masked('a/**', chain(noise(), masked('**/b', clip('global'))))]],
    [
      'in one rule',
      [
        partition([
          ['a', plain()],
          ['b', chain(noise(), clip('global'))],
        ]),
      ],
    ],
    ['that is behind a mask', [noise(), masked('a', clip('global'))]],
    ['of all, behind a mask itself', [masked('a', noise()), clip('global')]],
    ['that is picked at some steps', [noise(), everyNSteps(2, clip('global'))]],
    ['that a predicate picks', [noise(), when(() => true, clip('global'))]],
    [
      'whose limit has a schedule',
      [
        noise(),
        scheduled(
          'a',
          () => 1,
          (_: {a: number}) => clip('global'),
        ),
      ],
    ],
    [
      'both with a schedule',
      [
        scheduled(
          'a',
          () => 1,
          (_: {a: number}) => chain(noise(), clip('global')),
        ),
      ],
    ],
    ['of updates', [onUpdates(noise()), onUpdates(clip('global'))]],
  ])('%s', (_where, transforms) => {
    expect(lintChain(transforms)).toEqual([{transforms: ['noise', 'globalClip'], reason: NOISE_LAST}]);
  });
});

describe('finds nothing wrong with', () => {
  const shared = clip('global');
  /** A combinator of somebody else: each part may be for other parameters. */
  const perLayer = (...parts: GradientTransform[]): GradientTransform => ({
    ...plain(),
    name: 'perLayer',
    parts,
  });

  test.each<[string, GradientTransform[]]>([
    ['nothing', []],
    ['transforms without traits', [plain(), plain(), noise()]],
    ['clipping, then noise', [clip('global'), noise()]],
    ['normalizing, then noise', [normalize('global'), noise()]],
    ['the full order', [zeroing(), accumulate(), clip('global'), noise()]],
    ['skipping first', [skipping(), accumulate(), clip('global'), noise()]],
    ['skipping after accumulation, as with a loss scale', [accumulate(), skipping(), clip('global')]],
    ['skipping after a clip', [clip('global'), skipping()]],
    ['zeroing after accumulation', [accumulate(), zeroing()]],
    ['zeroing after a clip of entries', [clip('entry'), zeroing()]],
    ['zeroing after signs', [normalize('entry'), zeroing()]],
    ['noise before signs', [noise(), normalize('entry')]],
    ['a clip of entries, then of the norm', [clip('entry'), clip('global')]],
    ['a clip of every parameter, then of all', [clip('parameter'), clip('global')]],
    ['a clip of parameters, then one norm for all', [clip('parameter'), normalize('global')]],
    ['one norm for all, then a clip of parameters', [normalize('global'), clip('parameter')]],
    ['one norm for all, then a clip of entries', [normalize('global'), clip('entry')]],
    ['a clip of entries, then normalizing', [clip('entry'), normalize('parameter')]],
    ['a clip of every batch, with noise added to the mean', [clip('global'), accumulate(), noise()]],
    ['noises with seeds of their own', [noise(1), noise(2), noise()]],
    ['noises of two kinds', [noise(), otherNoise()]],
    ['a limit for gradients and one for updates', [clip('global'), onUpdates(clip('global'))]],
    ['a limit for updates with noise on gradients', [noise(), onUpdates(clip('global'))]],
    ['clips behind different masks', [masked('a', clip('global')), masked('b', clip('global'))]],
    ['one clip behind different masks', [masked('a', shared), masked('b', shared)]],
    [
      'one clip for two rules',
      [
        partition([
          ['a', shared],
          ['b', shared],
        ]),
      ],
    ],
    ['a tighter limit for some', [masked('a', clip('global')), clip('global')]],
    ['a tighter limit at some steps', [when(({step}) => step < 9, clip('global')), clip('global')]],
    ['different limits at different steps', [when(() => true, shared), when(() => false, shared)]],
    ['normalizing some, then clipping all', [masked('a', normalize('parameter')), clip('global')]],
    ['clipping all, then normalizing some', [clip('global'), masked('a', normalize('parameter'))]],
    ['noise and clip behind different masks', [masked('a', noise()), masked('b', clip('global'))]],
    ['the same noise behind different masks', [masked('a', noise()), masked('b', noise())]],
    [
      'noise in one rule, a clip in the next',
      [
        partition([
          ['a', noise()],
          ['b', clip('global')],
        ]),
      ],
    ],
    ['adaptive clipping behind a mask', [masked('!(output)/**', clip('unit'))]],
    ['adaptive clipping in a rule', [partition([['a', clip('unit')]])]],
    ['a candidate in the shadow', [noise(), shadow(clip('global')), shadow(clip('unit'))]],
    ['parts of a combinator of somebody else', [perLayer(noise(), clip('global'), clip('unit'))]],
  ])('%s', (_what, transforms) => {
    expect(lintChain(transforms)).toEqual([]);
  });
});

test.each<[string, unknown, string]>([
  [
    'a transform that is not in a list',
    noise(),
    "transforms must be a list of GradientTransforms, got the transform 'noise'.",
  ],
  [
    'a factory',
    [noise],
    'transform 0 must be a GradientTransform, got the function noise. Was the factory not called?',
  ],
])('refuses %s', (_what, transforms, message) => {
  expect(() => lintChain(transforms as never)).toThrow(new TypeError(`lintChain: ${message}`));
});

test('does not disturb what it looks at', () => {
  const transforms = [chain(scaled({factor: 2}), noise()), masked('a', clip('global'))];
  lintChain(transforms);
  expect(runTransform(transforms[0]!, ['a'], [{a: 1}]).grads).toEqual([{a: 2}]);
});

describe('transformGradients', () => {
  let printed: unknown[][] = [];

  beforeEach(() => {
    printed = [];
    vi.spyOn(console, 'warn').mockImplementation((...args) => void printed.push(args));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    tf.env().set('GRADWIRE_LINT', true);
  });

  const make = () => transformGradients(tf.train.sgd(0.1), noise(), clip('global'));

  test('prints every warning once, with the way to hide it', async () => {
    const optimizer = make();
    const w = tf.variable(tf.scalar(1));
    for (let i = 0; i < 3; i++) optimizer.minimize(() => tf.square(w) as tf.Scalar);
    expect(printed).toEqual([
      [
        `lintChain:\n  noise before globalClip: ${NOISE_LAST}\n` +
          "Hide with tf.env().set('GRADWIRE_LINT', false).",
      ],
    ]);
  });

  test('prints a warning that several places give once', () => {
    transformGradients(tf.train.sgd(0.1), noise(), noise(), noise());
    const [[text]] = printed as [[string]];
    expect(text.split(SAME_NUMBERS)).toHaveLength(2);
  });

  test('prints nothing where nothing is wrong', () => {
    transformGradients(tf.train.sgd(0.1), clip('global'), noise());
    expect(printed).toEqual([]);
  });

  test('prints nothing while GRADWIRE_LINT is false', () => {
    tf.env().set('GRADWIRE_LINT', false);
    make();
    expect(printed).toEqual([]);
  });

  test('prints nothing in production', () => {
    const flags = {...tf.env().getFlags()};
    delete flags['GRADWIRE_LINT'];
    tf.env().setFlags({...flags, PROD: true});
    try {
      make();
      expect(printed).toEqual([]);
    } finally {
      tf.env().setFlags(flags);
    }
  });

  test('prints again for a model that is loaded', async () => {
    registerTransforms({noise: () => noise(), globalClip: () => clip('global')});
    const model = compiled(make());
    await loaded(await saved(model));
    expect(printed.length).toBe(2);
  });
});
