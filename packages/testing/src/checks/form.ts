import {expect} from 'vitest';
import type {Check} from '../check.js';
import {threeSteps} from '../threeSteps.js';

/** What a transform looks like, and that it can be saved. */
export const formChecks: readonly Check[] = [
  {
    title: 'is a frozen literal with a name',
    run({create}) {
      const transform = create();
      expect(Object.isFrozen(transform), 'Object.isFrozen(transform)').toBe(true);
      expect(transform.name, 'name').toEqual(expect.stringMatching(/./));
    },
  },
  {
    title: 'is named as its factory, which is how a saved one is found again',
    needsFactory: true,
    run({create, factory}) {
      expect(create().name).toBe(factory!.name);
    },
  },
  {
    title: 'has a config of plain JSON',
    needsFactory: true,
    run({create}) {
      const {config = {}} = create();
      expect(throughJson(config)).toStrictEqual(config);
    },
  },
  {
    title: 'is made again from its config',
    needsFactory: true,
    async run({create, factory}, bench) {
      const transform = create();
      const again = factory!(throughJson(transform.config ?? {}));
      expect(again.config).toStrictEqual(transform.config);
      expect(await threeSteps(again, bench)).toEqual(await threeSteps(transform, bench));
    },
  },
];

function throughJson(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
}
