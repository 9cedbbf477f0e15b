import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expectNoLeaks} from '@gradwire/testing';
import {pathologies, type Patient} from '@gradwire/testing/pathologies';
import '@tensorflow/tfjs';
import type * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';

const RULES = [
  'vanishingGradients',
  'explodingGradients',
  'nonFinite',
  'gradientSpike',
  'deadUnits',
  'saturatedUnits',
  'updateRatio',
  'frozenParameters',
  'poorInitialization',
  'lossPlateau',
  'lossDivergence',
  'oscillation',
  'overfitting',
];

it('has at least one pathology for every rule, and none for others', () => {
  const illnesses = new Set(pathologies.map(({illness}) => illness));
  expect([...illnesses].sort()).toEqual([...RULES, 'none'].sort());
});

it('gives every pathology a name of its own, and a sentence', () => {
  expect(new Set(pathologies.map(({name}) => name)).size).toBe(pathologies.length);
  expect(pathologies.filter(({describe: text}) => !/^[A-Z].{30,}[.]$/.test(text))).toEqual([]);
});

describe.each(pathologies)('$name', ({name, create}) => {
  it('is the same for the same seed, bit for bit', async () => {
    expect(await fingerprint(create(7))).toEqual(await fingerprint(create(7)));
  });

  it('has other data for another seed', async () => {
    const [{data: one}, {data: other}] = [await fingerprint(create(7)), await fingerprint(create(8))];
    expect(one).not.toEqual(other);
  });

  it('gives no two kernels of one shape the same numbers', async () => {
    const {weights} = await fingerprint(create(7));
    const random = weights.filter((values) => new Set(values).size > 2).map((values) => values.join());
    expect(new Set(random).size).toBe(random.length);
  });

  it('takes large seeds and 0, and rejects what is no seed by its name', () => {
    for (const seed of [0, 2 ** 53 - 1]) create(seed).dispose();
    expect(() => create(-1)).toThrow(`${name}: seed must be`);
    expect(() => create(0.5)).toThrow(RangeError);
  });

  it('leaves nothing behind, also when disposed of twice and after its optimizer', async () => {
    await expectNoLeaks(() => {
      const patient = create(1);
      patient.dispose();
      patient.dispose();
      const other = create(1);
      other.optimizer.dispose();
      other.dispose();
    });
  });
});

it.each(pathologies.filter(({name}) => !['zeroKernels'].includes(name)))(
  '$name has other weights for another seed',
  async ({create}) => {
    const [{weights: one}, {weights: other}] = [await fingerprint(create(7)), await fingerprint(create(8))];
    expect(one).not.toEqual(other);
  },
);

it('can be imported outside of a test run', async () => {
  const script =
    "import('@gradwire/testing/pathologies').then((kit) => process.stdout.write(kit.pathologies[0].name))";
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const args = ['--import', 'tsx', '--conditions=gradwire:source', '--eval', script];
  const {stdout} = await promisify(execFile)(process.execPath, args, {cwd: root});
  expect(stdout).toBe(pathologies[0]!.name);
});

/** All numbers of a patient, who is disposed of. */
async function fingerprint({model, x, y, validationData, dispose}: Patient) {
  const read = (tensors: readonly tf.Tensor[]) =>
    Promise.all(tensors.map(async (tensor) => [...(await tensor.data())]));
  const weights = await read(model.weights.map((weight) => weight.read()));
  const data = await read([
    x,
    y,
    ...(validationData === undefined ? [] : [validationData.x, validationData.y]),
  ]);
  dispose();
  return {weights, data};
}
