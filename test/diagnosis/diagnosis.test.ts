import {pathologies} from '@gradwire/testing/pathologies';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import {beforeAll, describe, expect, it} from 'vitest';
import {examine} from './examine.js';
import {isReached, isRight, judge} from './verdict.js';

// `npm run diagnosis` has more seeds.
const SEEDS = [1, 2];

beforeAll(async () => {
  await prepareWasm({threads: 1});
  await tf.setBackend('wasm');
});

describe.each(SEEDS)('with seed %i', (seed) => {
  it.each(pathologies.filter(({illness}) => illness !== 'none'))(
    '$illness is found in $name',
    async (pathology) => {
      const rules = (await examine(pathology, seed)).map(({rule}) => rule);
      expect(rules).toContain(pathology.illness);
    },
  );

  it.each(pathologies.filter(({illness}) => illness === 'none'))(
    'nothing is wrong with $name',
    async (pathology) => {
      const alerts = await examine(pathology, seed);
      expect(alerts.filter(({severity}) => severity !== 'info')).toEqual([]);
    },
  );
});

describe('a verdict', () => {
  const [ill, healthy] = ['deadUnits', 'none'].map((illness) => ({
    ...pathologies[0]!,
    illness,
  })) as [(typeof pathologies)[number], (typeof pathologies)[number]];
  const alert = (rule: string, severity: 'info' | 'warning') => ({rule, severity, message: ''});

  it('on an illness is right if its own rule fired, however softly', () => {
    expect(isRight(ill, [alert('deadUnits', 'info')])).toBe(true);
    expect(isRight(ill, [alert('saturatedUnits', 'warning')])).toBe(false);
  });

  it('on a healthy training is right if nothing fired but infos', () => {
    expect(isRight(healthy, [alert('deadUnits', 'info')])).toBe(true);
    expect(isRight(healthy, [alert('deadUnits', 'warning')])).toBe(false);
  });

  it('counts seeds, and the other rules that fired in them', () => {
    const trainings = [
      [alert('deadUnits', 'warning'), alert('oscillation', 'info'), alert('oscillation', 'info')],
      [alert('oscillation', 'info'), alert('oscillation', 'warning')],
    ];
    expect(judge(ill, trainings)).toEqual({
      pathology: ill,
      seeds: 2,
      right: 1,
      others: {'oscillation (info)': 1, oscillation: 1},
    });
  });

  it('is reached with 19 of 20 seeds, and with 18 not', () => {
    const found = [alert('deadUnits', 'warning')];
    const of20 = (right: number) =>
      judge(
        ill,
        Array.from({length: 20}, (_, i) => (i < right ? found : [])),
      );
    expect([19, 18].map((right) => isReached(of20(right)))).toEqual([true, false]);
  });
});
