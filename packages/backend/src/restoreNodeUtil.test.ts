import {expect, it} from 'vitest';
import {restoreNodeUtil} from './restoreNodeUtil.js';

type Check = (value: unknown) => boolean;
interface Util {
  isNullOrUndefined?: Check;
  isArray?: Check;
}

it('gives back what Node 23 has dropped, and what a later one may drop', () => {
  const util: Util = {};
  restoreNodeUtil(util);
  expect([null, undefined, 0, ''].map((value) => util.isNullOrUndefined?.(value))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([[], new Float32Array(1), 'a'].map((value) => util.isArray?.(value))).toEqual([true, false, false]);
});

it('leaves alone what is there', () => {
  const isNullOrUndefined = () => true;
  const util: Util = {isNullOrUndefined};
  restoreNodeUtil(util);
  expect(util.isNullOrUndefined).toBe(isNullOrUndefined);
});
