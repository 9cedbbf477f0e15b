import {expect, it} from 'vitest';
import type {TrainingEvent} from '@gradwire/trainer';
import {alert, epochEnd, runBegin, runEnd, step} from '../fixtures/events.js';
import {withoutRepeats} from './withoutRepeats.js';

const begin = (run: string, at: number) => runBegin({run, step: at});
const steps = (run: string, from: number, to: number) =>
  Array.from({length: to - from}, (_, i) => step({run, step: from + i}));
const shown = (events: readonly TrainingEvent[]) =>
  withoutRepeats(events)
    .map(({type, run, step: at}) => `${type[0]}${run}${at}`)
    .join(' ');

it('keeps a training that was never resumed', () => {
  const events = [begin('a', 0), ...steps('a', 0, 3), epochEnd({}, {step: 2}), runEnd({step: 3})];
  expect(withoutRepeats(events)).toEqual(events);
});

it('drops what was done again', () => {
  const events = [
    begin('a', 0),
    ...steps('a', 0, 4),
    alert('!', {run: 'a', step: 3}),
    begin('b', 2),
    ...steps('b', 2, 4),
  ];
  expect(shown(events)).toBe('ra0 sa0 sa1 rb2 sb2 sb3');
});

it('keeps the end of the epoch before, and of a run that was stopped where the next begins', () => {
  const end = [epochEnd({}, {run: 'a', step: 1}), runEnd({run: 'a', step: 2})];
  const events = [begin('a', 0), ...steps('a', 0, 2), ...end, begin('b', 2), ...steps('b', 2, 3)];
  expect(shown(events)).toBe('ra0 sa0 sa1 ea1 ra2 rb2 sb2');
});

it('drops attempts that were given up entirely', () => {
  const events = [
    begin('a', 0),
    ...steps('a', 0, 3),
    begin('b', 2),
    ...steps('b', 2, 5),
    begin('c', 2),
    begin('d', 1),
    ...steps('d', 1, 3),
  ];
  expect(shown(events)).toBe('ra0 sa0 rd1 sd1 sd2');
});

it('drops everything before a training that began again', () => {
  expect(shown([begin('a', 0), ...steps('a', 0, 3), begin('b', 0), ...steps('b', 0, 1)])).toBe('rb0 sb0');
});

it('has nothing of nothing', () => {
  expect(withoutRepeats([])).toEqual([]);
});
