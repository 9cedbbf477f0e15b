import '@tensorflow/tfjs-backend-wasm';
import {toBeAllclose} from '@gradwire/testing';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {expectSame, uniform} from '../fixtures/onBothBackends.js';

expect.extend({toBeAllclose});

const equations = [
  'i->',
  'ij->ji',
  'ij->j',
  'i,i->',
  'i,j->ij',
  'ij,jk->ik',
  'ij,kj->ki',
  'ijk,kl->ijl',
  'ijk,ijl->ikl',
  'ijkl,ijml->ijkm',
];

describe('einsum on the wasm backend', () => {
  it('has the values of the cpu backend', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...equations),
        fc.array(fc.integer({min: 1, max: 4}), {minLength: 5, maxLength: 5}),
        async (equation, sizes) => {
          const size = new Map([...'ijklm'].map((index, i) => [index, sizes[i]!]));
          const operands = equation.split('->')[0]!.split(',');
          await expectSame(() => [
            tf.einsum(
              equation,
              ...operands.map((indices, i) =>
                uniform(
                  [...indices].map((index) => size.get(index)!),
                  -1,
                  1,
                  i + 1,
                ),
              ),
            ),
          ]);
        },
      ),
      {numRuns: 60},
    );
  });
});
