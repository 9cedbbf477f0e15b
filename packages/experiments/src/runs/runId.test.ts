import {expect, it} from 'vitest';
import {tiny} from '../../fixtures/cli/tiny.js';
import {completeOptions} from './completeOptions.js';
import {requireRunName, runId} from './runId.js';

const now = new Date(2026, 0, 31, 9, 5);

it('is the experiment, what is special about the variant, and the minute', () => {
  expect(runId(tiny, completeOptions(tiny, {}), now)).toBe('tiny-20260131-0905');
  const options = completeOptions(tiny, {activation: 'sigmoid', redraw: true, epochs: 7});
  expect(runId(tiny, options, now)).toBe('tiny-sigmoid-redraw-20260131-0905');
});

it('is a plain name of a folder, whatever the options are', () => {
  const id = runId(tiny, {...completeOptions(tiny, {}), activation: `../${'Ünsafe /'.repeat(30)}`}, now);
  expect(requireRunName('--name', id)).toBe(id);
});

it.each(['', '.', '..', '../x', 'a/b', 'a\\b', '-a', 'ä', 'x'.repeat(101)])('%j is no name', (name) => {
  expect(() => requireRunName('--name', name)).toThrow('--name must be 1 to 100 letters');
});
