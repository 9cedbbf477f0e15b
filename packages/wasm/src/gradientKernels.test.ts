import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import {type GradConfig, getKernel} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {gradientCases} from '../fixtures/gradientCases.js';
import {expectSame, runOn} from '../fixtures/onBothBackends.js';
import {registerKernels} from './registerKernels.js';

expect.extend({toBeAllclose});
beforeAll(registerKernels);

/** The registry that `registerGradient` writes to. */
const {_tfGlobals: globals} = globalThis as unknown as {_tfGlobals: Map<string, Map<string, GradConfig>>};

describe('the wasm backend', () => {
  const registered = [...globals.get('gradRegistry')!.keys()];
  const cases = registered.flatMap((kernel) => {
    const row = gradientCases[kernel] ?? [];
    return 'exempt' in row ? [] : row.map((one, i) => ({kernel, number: i + 1, ...one}));
  });

  it.each(registered)('has a case for the gradient of %s, or a reason why not', (kernel) => {
    expect(gradientCases[kernel]).toSatisfy((row: object | undefined) => Object.keys(row ?? {}).length > 0);
  });

  it.each(cases.filter(({cpu, wasm}) => cpu === wasm))(
    'has the kernels for the gradient of $kernel, $number',
    async ({wasm}) => {
      const {kernels} = await runOn('cpu', wasm);
      expect(kernels.filter((name) => getKernel(name, 'wasm') === undefined)).toEqual([]);
    },
  );

  it.each(cases.filter(({forward}) => forward))('runs $kernel, $number', async ({kernel, wasm}) => {
    const {kernels} = await runOn('wasm', wasm);
    expect(kernels).toContain(kernel);
  });

  it.each(cases)('computes the gradient of $kernel, $number', async ({cpu, wasm}) => {
    await expectSame(wasm, cpu);
  });
});
