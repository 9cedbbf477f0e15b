import type {NamedTensors} from '@gradwire/core';
import {expect} from 'vitest';
import type {Check} from '../check.js';
import {snapshot} from '../snapshot.js';
import {threeSteps} from '../threeSteps.js';

/** That the output depends on gradients, state and context, and on nothing else. */
export const functionChecks: readonly Check[] = [
  {
    title: 'is pure: equal inputs, equal outputs',
    async run({create}, bench) {
      const transform = create();
      const first = await threeSteps(transform, bench);
      expect(await threeSteps(transform, bench), 'the second run of one transform').toEqual(first);
      expect(await threeSteps(create(), bench), 'the run of another one').toEqual(first);
    },
  },
  {
    title: 'does not depend on the order of the parameters',
    async run({create}, bench) {
      const transform = create();
      const ctx = bench.context(0);
      const [inOrder] = transform.update(bench.gradients(0), transform.init(bench.params), ctx);
      const params = reversed(bench.params) as typeof bench.params;
      const [inReverse] = transform.update(reversed(bench.gradients(0)), transform.init(params), {
        ...ctx,
        params,
      });
      const expected = await snapshot(inOrder);
      for (const [name, {values}] of Object.entries(await snapshot(inReverse))) {
        const wanted = expected[name]!.values;
        // Not equal to the last bit, for sums over all parameters round differently.
        const tolerance = 1e-5 * Math.max(...wanted.map(Math.abs));
        values.forEach((value, i) => {
          expect(Math.abs(value - wanted[i]!), `${name}: difference`).toBeLessThanOrEqual(tolerance);
        });
      }
    },
  },
];

function reversed(tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).reverse());
}
