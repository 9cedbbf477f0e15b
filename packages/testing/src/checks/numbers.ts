import {expect} from 'vitest';
import type {Check} from '../check.js';
import {threeSteps} from '../threeSteps.js';

/** That numbers at the ends of float32's range come through. Their squares do not fit into it. */
export const numberChecks: readonly Check[] = [0, 1e30, 1e-30].map((magnitude) => ({
  title: `stays finite on gradients of ${magnitude}`,
  async run({create}, bench) {
    for (const grads of await threeSteps(create(), bench, () => bench.gradientsOf(magnitude))) {
      for (const [name, {values}] of Object.entries(grads)) {
        expect(
          values.filter((value) => !Number.isFinite(value)),
          `values for ${name}`,
        ).toEqual([]);
      }
    }
  },
}));
