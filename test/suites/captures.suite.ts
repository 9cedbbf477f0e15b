import * as captures from '@gradwire/capture';
import {type Capture, type CaptureContext, every, type LayerSpec} from '@gradwire/core';
import {captureContext, expectNoLeaks, readMeasurements, testCapture} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {countsOf, shareOfEachUnit, statisticsOf} from './support/captureTwins.js';
import {normOf} from './support/values.js';

const {activationStats, backwardStats, chainNorms, gradientMagnitude, gradientSnapshots, gradientStats} =
  captures;
const {histograms, unitActivity, updateStats, weightSnapshots, weightStats} = captures;

const when = every(1);

type Exports = typeof captures;
type CaptureName = {
  [Name in keyof Exports]: Exports[Name] extends (options: never) => Capture ? Name : never;
}[keyof Exports];

/** Options to test with. The type asks for those of every capture that is shipped. */
const representative: {readonly [Name in CaptureName]: readonly Parameters<Exports[Name]>[0][]} = {
  activationStats: [{when}, {when, layers: '**/dense', below: 0.5, quantiles: [0, 0.3, 1]}],
  backwardStats: [{when}, {when, layers: /conv|frozen/, below: 0.5, quantiles: [0.5]}],
  chainNorms: [{when}],
  gradientMagnitude: [{when}, {when, parameters: '**/bias'}],
  gradientSnapshots: [{when}, {when, parameters: '**/kernel', stage: 'final'}],
  gradientStats: [
    {when},
    {when, stage: 'clipByGlobalNorm', below: 0.5, quantiles: [0.25]},
    {when, parameters: '**/kernel', stage: 'final'},
  ],
  histograms: [
    {when, of: 'gradients'},
    {when, of: 'gradients', range: [-1, 1], bins: 7, stage: 'clipByGlobalNorm'},
    {when, of: 'weights', range: 'symlog', parameters: '**/kernel'},
    {when, of: 'updates'},
    {when, of: 'activations', layers: '**/conv', bins: 1},
    {when, of: 'backward', range: 'symlog'},
  ],
  unitActivity: [{when}, {when, layers: '**/frozen'}],
  updateStats: [{when}, {when, parameters: '**/kernel', quantiles: [0.5]}],
  weightSnapshots: [{when}, {when, parameters: '**/alpha'}],
  weightStats: [{when}, {when, parameters: '**/kernel', below: 0.1, quantiles: [0.05, 0.95]}],
};

const shipped: Readonly<Record<string, unknown>> = captures;

for (const [name, variants] of Object.entries(representative)) {
  for (const options of variants) {
    const {when: _, ...shown} = options;
    testCapture<typeof options>({
      factory: shipped[name] as (given: typeof options) => Capture,
      options,
      name: `${name}(${JSON.stringify(shown)})`,
    });
  }
}

const gradients = {
  kernel: [
    [3, -4, 0.5],
    [0, 0, 1e-3],
  ],
  bias: [-2],
  huge: [1e30, -1e30],
  tiny: [1e-30],
};
const clipped = {
  kernel: [
    [0.3, -0.4, 0],
    [0, 0, 0],
  ],
  bias: [-0.2],
};
const before = {kernel: [[1, 2, 3]], bias: [0], still: [0, 0]};
const after = {kernel: [[1.5, 2, 2]], bias: [0.25], still: [0, 0]};
const updates = {kernel: [[0.5, 0, -1]], bias: [0.25], still: [0, 0]};
const outputs = {
  hidden: [
    [0, 0.5, 0, 2],
    [0, 1e-3, 3, 0],
  ],
  'hidden#2': [[-0, 0, 0, 7]],
  squashed: [
    [-0.99, 0.96],
    [0.2, 0.94],
    [0.97, 1],
  ],
  out: [[0.5], [1]],
};
const backward = {
  hidden: [
    [1e-4, -2, 0, 0],
    [0, 0, 5e-8, 1],
  ],
  out: [[0.25], [-0.25]],
};

type Nested = Readonly<Record<string, readonly unknown[]>>;
const flat = (values: readonly unknown[]): number[] => (values.flat(2) as number[]).map(Math.fround);
const of = (
  {arrays}: {arrays: Readonly<Record<string, Readonly<Record<string, Float32Array>>>>},
  quantity: string,
) =>
  Object.fromEntries(
    Object.entries(arrays).map(([subject, found]) => [subject, [...(found[quantity] ?? [])]]),
  );

describe('captures measure what plain arithmetic gives:', () => {
  const more = {below: 1e-2, quantiles: [0, 0.1, 0.5, 0.95]};

  it.each<[Capture, Nested, typeof more | undefined]>([
    [gradientStats({when}), gradients, undefined],
    [gradientStats({when, ...more}), gradients, more],
    [gradientStats({when, stage: 'clip'}), clipped, undefined],
    [weightStats({when, ...more}), after, more],
    [updateStats({when, ...more}), updates, more],
    [activationStats({when, ...more}), outputs, more],
    [backwardStats({when, ...more}), backward, more],
  ])('$name', async (capture, measuredOf, asked) => {
    const {values} = await readMeasurements(capture.measure(context()));
    expect(Object.keys(values)).toEqual(Object.keys(measuredOf));
    for (const [name, nested] of Object.entries(measuredOf)) {
      const expected = statisticsOf(flat(nested), asked);
      const {ratio: _, ...measured} = values[name]!;
      expect(Object.keys(measured)).toEqual(Object.keys(expected));
      for (const [quantity, value] of Object.entries(expected)) {
        // Zero stands for what cancels: it is as exact as the largest entry is.
        const atol = 1e-6 * expected['maxAbs']!;
        expect(measured[quantity], `${quantity} of ${name}`).toBeAllclose(value, {rtol: 1e-5, atol});
      }
    }
  });

  it('the ratio of updateStats', async () => {
    const {values} = await readMeasurements(updateStats({when}).measure(context()));
    expect(values['kernel']!['ratio']).toBeCloseTo(
      normOf(flat(updates.kernel)) / normOf(flat(before.kernel)),
      5,
    );
    expect([values['bias']!['ratio'], values['still']!['ratio']]).toEqual([Infinity, 0]);
  });

  it('chainNorms', async () => {
    const {values} = await readMeasurements(chainNorms({when}).measure(context()));
    expect(Object.keys(values)).toEqual(['raw', 'clip']);
    expect(values['raw']!['norm']! / normOf(Object.values(gradients).flat(2))).toBeCloseTo(1, 5);
    expect(values['clip']!['norm']).toBeCloseTo(normOf(Object.values(clipped).flat(2)), 5);
  });

  it('gradientMagnitude', async () => {
    const {values} = await readMeasurements(
      gradientMagnitude({when, parameters: '{kernel,bias}'}).measure(context()),
    );
    expect(values['kernel']!['sumAbs']).toBeCloseTo(7.501, 4);
    expect(values['kernel']!['sumAbsPerShape']).toBeCloseTo(7.501 / 5, 4);
    expect(values['bias']).toEqual({sumAbs: 2, sumAbsPerShape: 2});
  });

  it('unitActivity', async () => {
    const {arrays} = await readMeasurements(unitActivity({when, layers: '**'}).measure(context()));
    const isActive = (value: number): boolean => value !== 0;
    const isBound = (value: number): boolean => Math.abs(value) > 0.95;
    expect(of({arrays}, 'active')).toMatchObject({
      hidden: shareOfEachUnit(flat(outputs.hidden), 4, isActive),
      'hidden#2': shareOfEachUnit(flat(outputs['hidden#2']), 4, isActive),
    });
    const expected = shareOfEachUnit(flat(outputs.squashed), 2, isBound);
    expect(of({arrays}, 'saturated')['squashed']).toBeAllclose(expected, {atol: 1e-6});
    expect(of({arrays}, 'saturated')['out']).toEqual([0.5]);
  });

  it.each([
    [weightSnapshots({when}), before],
    [gradientSnapshots({when}), gradients],
    [gradientSnapshots({when, stage: 'final'}), clipped],
  ])('$name', async (capture, expected) => {
    const read = await readMeasurements(capture.measure(context()));
    expect(of(read, 'values')).toEqual(
      Object.fromEntries(Object.entries(expected).map(([name, nested]) => [name, flat(nested)])),
    );
  });

  it.each<[Capture, Nested]>([
    [histograms({of: 'gradients', when}), gradients],
    [
      histograms({of: 'gradients', when, range: 'symlog', bins: 7, parameters: '{kernel,bias,huge}'}),
      gradients,
    ],
    [histograms({of: 'updates', when, bins: 4}), updates],
    [histograms({of: 'weights', when, range: [-1, 2], bins: 3}), after],
    [histograms({of: 'activations', when, range: 'symlog'}), outputs],
    [histograms({of: 'backward', when, bins: 100}), backward],
  ])('$name', async (capture, measuredOf) => {
    const read = await readMeasurements(capture.measure(context()));
    const [counts, edges] = [of(read, 'counts'), of(read, 'edges')];
    expect(Object.keys(counts).length).toBeGreaterThan(0);
    for (const subject of Object.keys(counts)) {
      const values = flat(measuredOf[subject]!);
      expect(edges[subject], `edges of ${subject}`).toEqual(edges[subject]!.toSorted((a, b) => a - b));
      expect(counts[subject], subject).toEqual(countsOf(values, edges[subject]!));
      const {nonFinite, under = 0, over = 0} = read.values[subject]!;
      const counted = counts[subject]!.reduce((sum, count) => sum + count, 0);
      expect([nonFinite, counted + under + over], subject).toEqual([0, values.length]);
    }
  });

  it.each(['auto', 'symlog', [-2, 2]] as const)('histograms of ten thousand entries by %j', async (range) => {
    const values = Float32Array.from({length: 10_000}, (_, i) => 4 * Math.sin(1 + 1.7 * i + 0.3 * i * i));
    values.set([NaN, Infinity, -Infinity, 0, -2, 2]);
    const ctx = captureContext({gradients: {w: tf.tensor2d(values, [100, 100])}});
    const read = await readMeasurements(histograms({of: 'gradients', when, range}).measure(ctx));
    const finite = [...values].filter(Number.isFinite);
    const {counts, edges} = read.arrays['w']!;
    expect([...counts!]).toEqual(countsOf(finite, [...edges!]));
    expect(read.values['w']!['nonFinite']).toBe(3);
    expect(read.values['w']!['under'] ?? 0).toBe(finite.filter((value) => value < edges![0]!).length);
    expect(read.values['w']!['over'] ?? 0).toBe(finite.filter((value) => value > edges!.at(-1)!).length);
  });
});

describe('captures leak nothing:', () => {
  const all = Object.entries(representative).flatMap(([name, variants]) => {
    const {
      layers: _,
      parameters: __,
      ...options
    } = variants[0] as {when: typeof when; layers?: never; parameters?: never};
    return [(shipped[name] as (given: typeof options) => Capture)(options)];
  });

  it.each(all)('$name', (capture) =>
    expectNoLeaks(() => {
      tf.engine().startScope();
      capture.measure(context());
      tf.engine().endScope();
    }),
  );
});

function context(): CaptureContext {
  const tensors = (named: Nested) =>
    Object.fromEntries(Object.entries(named).map(([name, values]) => [name, tf.tensor(values as number[])]));
  const layer = (name: string, activation: string, isOutput = false): LayerSpec => ({
    name,
    kind: 'Dense',
    activation,
    inputs: [],
    parameters: [],
    isOutput,
  });
  const [raw, clip] = [tensors(gradients), tensors(clipped)];
  return captureContext({
    stages: [
      {name: 'raw', gradients: raw},
      {name: 'clip', gradients: clip},
    ],
    rawGradients: raw,
    gradients: clip,
    weightsBefore: tensors(before),
    weightsAfter: tensors(after),
    layers: [layer('hidden', 'relu'), layer('squashed', 'tanh'), layer('out', 'sigmoid', true)],
    activations: tensors(outputs),
    activationGradients: tensors(backward),
  });
}
