import * as clipping from '@gradwire/clipping';
import {
  chain,
  everyNSteps,
  type GradientTransform,
  masked,
  type NamedTensors,
  parameterKeys,
  partition,
} from '@gradwire/core';
import * as noise from '@gradwire/noise';
import * as normalization from '@gradwire/normalization';
import {testTransform} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {valuesOf} from './support/values.js';
import {versions} from './support/versions.js';

const {clipByGlobalNorm, clipByNorm, clipByValue} = clipping;
const {gradientNoise} = noise;
const {normalizeByNorm, standardizeGradients} = normalization;
const shipped = {...clipping, ...noise, ...normalization};

/** Options to test with. The type asks for those of every transform that is shipped. */
const representative: {
  readonly [Name in keyof typeof shipped]: readonly Parameters<(typeof shipped)[Name]>[0][];
} = {
  clipByGlobalNorm: [{maxNorm: 1}],
  clipByNorm: [{maxNorm: 1}],
  clipByValue: [{value: 0.5}],
  gradientNoise: [{eta: 0.3}, {eta: 1, gamma: 0, seed: 7}],
  normalizeByNorm: [{}, {epsilon: 0.1}],
  standardizeGradients: [{}, {epsilon: 0}],
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
    [normalizeByNorm(), {a: [0.6, -0.8, 0], b: [1]}],
    [normalizeByNorm({epsilon: 5}), {a: [0.3, -0.4, 0], b: [12 / 17]}],
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

  // Drawn once on the cpu backend: noise is a function of seed, parameter, step and element.
  it('gradientNoise draws what it draws on every backend', async () => {
    const {a} = await applied(gradientNoise({eta: 1, gamma: 0, seed: 42}), {a: [0, 0, 0, 0]});
    expect(a).toBeAllclose([-0.9031444, 0.8465981, -0.8747319, -0.4722431], {rtol: 1e-6});
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
