import {expect, it} from 'vitest';
import {requireMemory} from './requireMemory.js';

it('says when memory is used up, and passes on what there is', () => {
  const heap = {_malloc: (bytes: number) => (bytes > 100 ? 0 : 64), _free: () => {}};
  requireMemory(heap);
  expect(heap._malloc(100)).toBe(64);
  expect(() => heap._malloc(101)).toThrow('The wasm backend has no memory left for 101 bytes');
});

it('lets nothing be allocated at nowhere', () => {
  const heap = {_malloc: () => 0, _free: () => {}};
  requireMemory(heap);
  expect(heap._malloc()).toBe(0);
});
