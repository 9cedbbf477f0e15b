import * as clipping from '@gradwire/clipping';
import {
  accumulateGradients,
  chain,
  everyNSteps,
  type GradientTransform,
  masked,
  type NamedTensors,
  parameterKeys,
  partition,
  scheduled,
  shadow,
  when,
} from '@gradwire/core';
import * as noise from '@gradwire/noise';
import * as normalization from '@gradwire/normalization';
import {testTransform} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {valuesOf} from './support/values.js';
import {versions} from './support/versions.js';

const {
  adaptiveGradientClip,
  autoClip,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  clipSpikes,
  clipUpdates,
  zeroNonFinite,
} = clipping;
const {agarap, neelakantan, ...noises} = noise;
const {gradientNoise} = noises;
const {
  centralizeGradients,
  equalizeLayers,
  normalizeByNorm,
  scaleToWeights,
  signGradients,
  standardizeGradients,
} = normalization;
const shipped = {...clipping, ...noises, ...normalization};

/** Options to test with. The type asks for those of every transform that is shipped. */
const representative: {
  readonly [Name in keyof typeof shipped]: readonly Parameters<(typeof shipped)[Name]>[0][];
} = {
  adaptiveGradientClip: [{}, {clipping: 0.5, epsilon: 1}],
  autoClip: [{percentile: 25, window: 3}],
  centralizeGradients: [undefined],
  clipByGlobalNorm: [{maxNorm: 1}, {maxNorm: 0.5, norm: 'inf'}],
  clipByNorm: [{maxNorm: 1}],
  clipByValue: [{value: 0.5}],
  clipSpikes: [{}, {warmup: 1, threshold: 0.1}],
  clipUpdates: [{maxNorm: 0.01}],
  dropGradients: [{rate: 0.3}, {rate: 0, seed: 7}],
  equalizeLayers: [{}, {epsilon: 0.1}],
  gradientNoise: [
    {eta: 0.3},
    {eta: 1, gamma: 0, seed: 7},
    agarap,
    {...neelakantan, eta: 0.3},
    {eta: 0.1, relative: true},
  ],
  langevinNoise: [{temperature: 1e-3}, {temperature: 1, seed: 7}],
  normalizeByNorm: [{}, {epsilon: 0.1}, {per: 'layer'}, {per: 'global'}],
  scaleToWeights: [{}, {trustCoefficient: 1, epsilon: 0.1}],
  signGradients: [undefined],
  // It reads synchronously, which WebGPU cannot in Node.
  skipNonFinite: tf.getBackend() === 'webgpu' ? [] : [{}],
  standardizeGradients: [{}, {epsilon: 0}],
  uniformNoise: [{limit: 0.1}, {limit: 1, gamma: 0.5, unit: 'epoch', seed: 7}],
  zeroNonFinite: [undefined],
};

beforeAll(() => console.log(versions()));

for (const [name, factory] of Object.entries(shipped)) {
  for (const options of representative[name as keyof typeof shipped]) {
    testTransform<typeof options>({
      factory: factory as (given: typeof options) => GradientTransform,
      options,
      name: `${name}(${JSON.stringify(options)})`,
    });
  }
}

describe('in combination:', () => {
  testTransform(() => chain(clipByGlobalNorm({maxNorm: 1}), gradientNoise({eta: 0.3}), normalizeByNorm()));
  testTransform(() => masked('**/kernel', chain(standardizeGradients(), clipByValue({value: 1}))));
  testTransform(() =>
    partition([
      ['**/dense/*', clipByNorm({maxNorm: 0.1})],
      ['**', masked('**/conv/*', gradientNoise({eta: 1}))],
    ]),
  );
  testTransform({factory: accumulateGradients, options: {steps: 2}});
  testTransform(() => chain(accumulateGradients({steps: 2}), clipByGlobalNorm({maxNorm: 1})));
  testTransform(() => shadow(chain(clipByGlobalNorm({maxNorm: 1}), gradientNoise({eta: 0.3}))));
  testTransform(() => when(({step}) => step > 0, clipByNorm({maxNorm: 0.1})));
  testTransform(() => scheduled('maxNorm', (step) => 1 / (1 + step), clipByGlobalNorm));
  testTransform(() => everyNSteps(2, chain(gradientNoise({eta: 0.3}), clipByGlobalNorm({maxNorm: 1}))));
});

describe('the numbers are those of plain arithmetic:', () => {
  const step = 3;
  const grads = {a: [3, -4, 0], b: [12]};

  it.each<[GradientTransform, Record<keyof typeof grads, number[]>]>([
    [clipByValue({value: 3.5}), {a: [3, -3.5, 0], b: [3.5]}],
    [clipByNorm({maxNorm: 1}), {a: [0.6, -0.8, 0], b: [1]}],
    [clipByGlobalNorm({maxNorm: 1}), {a: [3 / 13, -4 / 13, 0], b: [12 / 13]}],
    [clipByGlobalNorm({maxNorm: 14}), grads],
    [clipByGlobalNorm({maxNorm: 6, norm: 'inf'}), {a: [1.5, -2, 0], b: [6]}],
    [clipUpdates({maxNorm: 1}), {a: [3 / 13, -4 / 13, 0], b: [12 / 13]}],
    // The weights are 0: their norms count as epsilon.
    [adaptiveGradientClip({clipping: 0.5, epsilon: 2}), {a: [0.6, -0.8, 0], b: [1]}],
    // In the first step there is nothing to compare with.
    [autoClip(), grads],
    [clipSpikes(), grads],
    [zeroNonFinite(), grads],
    [normalizeByNorm(), {a: [0.6, -0.8, 0], b: [1]}],
    [normalizeByNorm({epsilon: 5}), {a: [0.3, -0.4, 0], b: [12 / 17]}],
    [normalizeByNorm({per: 'layer'}), {a: [0.6, -0.8, 0], b: [1]}],
    [normalizeByNorm({per: 'global'}), {a: [3 / 13, -4 / 13, 0], b: [12 / 13]}],
    [equalizeLayers(), {a: [0.6, -0.8, 0].map((x) => (x * 13) / Math.SQRT2), b: [13 / Math.SQRT2]}],
    [scaleToWeights(), grads],
    [centralizeGradients(), grads],
    [signGradients(), {a: [1, -1, 0], b: [1]}],
    [standardizeGradients({epsilon: 0}), {a: standardized(grads.a), b: [12]}],
    [
      masked('b', chain(clipByNorm({maxNorm: 2}), standardizeGradients(), clipByNorm({maxNorm: 1}))),
      {a: grads.a, b: [1]},
    ],
    [
      partition([
        ['a', clipByValue({value: 1})],
        ['*', clipByValue({value: 2})],
      ]),
      {a: [1, -1, 0], b: [2]},
    ],
    [everyNSteps(step, clipByValue({value: 1})), {a: [1, -1, 0], b: [1]}],
    [everyNSteps(step + 1, clipByValue({value: 1})), grads],
  ])('$name $config', async (transform, expected) => {
    const changed = await applied(transform, grads);
    for (const [name, values] of Object.entries(expected)) {
      expect(changed[name], name).toBeAllclose(values, {rtol: 1e-5, atol: 1e-6});
    }
  });

  it.each<[GradientTransform, Record<string, number[][]>]>([
    // The weights are 0: their norms count as epsilon. A unit is a column.
    [
      adaptiveGradientClip({clipping: 0.5, epsilon: 2}),
      {
        w: [
          [0.6, 0.5],
          [-0.8, 0],
        ],
        row: [[-1, 0.25]],
      },
    ],
    [
      centralizeGradients(),
      {
        w: [
          [3.5, 0.25],
          [-3.5, -0.25],
        ],
        row: [[-7, 0.25]],
      },
    ],
  ])('$name, by units', async (transform, expected) => {
    const matrices = {
      w: tf.tensor2d([
        [3, 0.5],
        [-4, 0],
      ]),
      row: tf.tensor2d([[-7, 0.25]]),
    };
    const params = Object.fromEntries(
      Object.entries(matrices).map(([name, {shape}]) => [
        name,
        tf.variable(tf.zeros(shape), true, `units/${name}`),
      ]),
    );
    const ctx = {step, params, keys: {}, seed: 0};
    const [changed] = transform.update(matrices, transform.init(params), ctx);
    for (const [name, values] of Object.entries(expected)) {
      expect(await valuesOf(changed[name]!), name).toBeAllclose(values.flat(), {rtol: 1e-5, atol: 1e-6});
    }
    tf.dispose([params, matrices, changed]);
  });

  // Drawn once on the cpu backend: noise is a function of seed, parameter, step and element.
  it('gradientNoise draws what it draws on every backend', async () => {
    const {a} = await applied(gradientNoise({eta: 1, gamma: 0, seed: 42}), {a: [0, 0, 0, 0]});
    expect(a).toBeAllclose([-1.3482653, 1.3053976, -1.4993863, 0.21922646], {rtol: 1e-6});
  });

  async function applied(
    transform: GradientTransform,
    given: Readonly<Record<string, readonly number[]>>,
  ): Promise<Record<string, number[]>> {
    const names = Object.keys(given);
    const params = Object.fromEntries(
      names.map((name) => [name, tf.variable(tf.zeros([given[name]!.length]), true, name)]),
    );
    const tensors: NamedTensors = Object.fromEntries(
      names.map((name) => [name, tf.tensor1d([...given[name]!])]),
    );
    const ctx = {step, params, keys: parameterKeys(names), seed: 0};
    const [changed] = transform.update(tensors, transform.init(params), ctx);
    return Object.fromEntries(
      await Promise.all(
        Object.entries(changed).map(async ([name, tensor]) => [name, await valuesOf(tensor)]),
      ),
    ) as Record<string, number[]>;
  }
});

function standardized(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return values.map((value) => (value - mean) / Math.sqrt(squares / (values.length - 1)));
}
