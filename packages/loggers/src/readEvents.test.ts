import {appendFileSync, writeFileSync} from 'node:fs';
import {formatEvent} from '@gradwire/core';
import {expect, it} from 'vitest';
import {runBegin, runEnd, step} from '../fixtures/events.js';
import {temporaryFolder} from '../fixtures/temporaryFolder.js';
import {readEvents} from './readEvents.js';

const path = temporaryFolder();

async function typesIn(file: string): Promise<string[]> {
  const types: string[] = [];
  for await (const {type} of readEvents(file)) types.push(type);
  return types;
}

it('leaves out torn lines, at the end and in the middle', async () => {
  const line = formatEvent(step({loss: 0.5}));
  const texts = [
    formatEvent(runBegin()),
    line.slice(0, 30),
    line,
    '',
    'null',
    '7',
    '{"type":"other"}',
    line.slice(0, -1),
  ];
  writeFileSync(path('run.jsonl'), texts.join('\n'));
  expect(await typesIn(path('run.jsonl'))).toEqual(['runBegin', 'step']);
});

it('reads a last line of which only the end is missing', async () => {
  writeFileSync(path('run.jsonl'), formatEvent(runEnd()));
  expect(await typesIn(path('run.jsonl'))).toEqual(['runEnd']);
});

it('sees what is appended while it reads', async () => {
  const file = path('run.jsonl');
  writeFileSync(file, `${formatEvent(step())}\n`.repeat(5_000));
  const events = readEvents(file);
  await events.next();
  appendFileSync(file, `${formatEvent(runEnd())}\n`);
  let last = '';
  for await (const {type} of events) last = type;
  expect(last).toBe('runEnd');
});

it('throws where there is no file', async () => {
  await expect(typesIn(path('none.jsonl'))).rejects.toThrow('ENOENT');
});
