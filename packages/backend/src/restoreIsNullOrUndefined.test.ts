import {expect, it} from 'vitest';
import {restoreIsNullOrUndefined} from './restoreIsNullOrUndefined.js';

interface Util {
  isNullOrUndefined?: (value: unknown) => boolean;
}

it('gives back what Node 23 has dropped', () => {
  const util: Util = {};
  restoreIsNullOrUndefined(util);
  expect([null, undefined, 0, ''].map((value) => util.isNullOrUndefined?.(value))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('leaves alone what is there', () => {
  const isNullOrUndefined = () => true;
  const util: Util = {isNullOrUndefined};
  restoreIsNullOrUndefined(util);
  expect(util.isNullOrUndefined).toBe(isNullOrUndefined);
});
