import {every} from '@gradwire/core';
import {defaultRemedies} from '@gradwire/remedies';
import {pathologies} from '@gradwire/testing/pathologies';
import type {Remedy} from '@gradwire/trainer';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {beforeAll, expect, it} from 'vitest';
import {isRight} from './outcome.js';
import {train} from './train.js';

// `npm run remedies` has more seeds.
const SEED = 1;

const treated = (): {remedies: Remedy[]} => ({remedies: defaultRemedies({when: every(5)})});

beforeAll(async () => {
  await prepareWasm({threads: 1});
  await tf.setBackend('wasm');
});

it('repairs at least 80 % of the ill trainings', async () => {
  const ill = pathologies.filter(({illness}) => illness !== 'none');
  const repaired: string[] = [];
  for (const pathology of ill) {
    const twins = {
      untreated: await train(pathology, SEED),
      treated: await train(pathology, SEED, treated),
    };
    if (isRight(pathology, twins)) repaired.push(pathology.name);
  }
  expect(repaired.length, repaired.join(', ')).toBeGreaterThanOrEqual(0.8 * ill.length);
}, 300_000);

it.each(pathologies.filter(({illness}) => illness === 'none'))(
  'leaves the healthy training $name alone',
  async (pathology) => {
    const {actions} = await train(pathology, SEED, treated);
    expect(actions).toEqual([]);
  },
  120_000,
);
