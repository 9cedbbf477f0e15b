import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs';
import {once} from 'node:events';
import {setTimeout as wait} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {parseEvent} from '@gradwire/core';
import type {TrainingEvent} from '@gradwire/trainer';
import {of, Subject} from 'rxjs';
import {describe, expect, it, vi} from 'vitest';
import {alert, capture, epochEnd, runBegin, runEnd, step} from '../fixtures/events.js';
import {temporaryFolder} from '../fixtures/temporaryFolder.js';
import {jsonl} from './jsonl.js';
import {readEvents} from './readEvents.js';

const path = temporaryFolder();

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const run: readonly TrainingEvent[] = [
  runBegin({layers: [], seed: 1}),
  step({loss: Number.NaN}),
  capture({
    values: {kernel: {std: 0.5, max: Number.POSITIVE_INFINITY}},
    arrays: {kernel: {values: Float32Array.of(1, 2.5, Number.NaN)}},
  }),
  alert('The loss is "NaN",\nfor ever.'),
  epochEnd({loss: Number.NEGATIVE_INFINITY}),
  runEnd(),
];

it('writes events that read back as they were', async () => {
  const log = jsonl(path('run.jsonl'));
  log(of(...run));
  await log.flushed();
  expect(await all(readEvents(path('run.jsonl')))).toEqual(run);
});

it('appends to what another run has left, also within a line', async () => {
  writeFileSync(path('run.jsonl'), '{"type":"runEnd","ru');
  const log = jsonl(path('run.jsonl'));
  log(of(...run));
  await log.flushed();
  expect(readFileSync(path('run.jsonl'), 'utf8').split('\n')).toHaveLength(run.length + 2);
  expect(await all(readEvents(path('run.jsonl')))).toHaveLength(run.length);
});

it('can be read while it is written', async () => {
  const events$ = new Subject<TrainingEvent>();
  const log = jsonl(path('run.jsonl'));
  log(events$);
  for (const [i, event] of run.entries()) {
    events$.next(event);
    await log.flushed();
    expect(await all(readEvents(path('run.jsonl')))).toHaveLength(i + 1);
  }
});

it('writes what waited once there is a way', async () => {
  const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  mkdirSync(path('run.jsonl'));
  const log = jsonl(path('run.jsonl'));
  log(of(...run));
  await log.flushed();
  expect(String(warning.mock.calls[0]?.[0])).toMatch(
    /^jsonl run.jsonl: writing fails \(EISDIR.*no event is lost yet[.]$/,
  );
  warning.mockRestore();
  rmdirSync(path('run.jsonl'));
  await log.flushed();
  expect(await all(readEvents(path('run.jsonl')))).toEqual(run);
});

it.skipIf(!existsSync('/dev/full'))('tells of a disk that is full', async () => {
  const alerts: string[] = [];
  const log = jsonl('/dev/full', {maxBufferedBytes: 500});
  log(of(...run), {alert: ({message}) => alerts.push(message)});
  await log.flushed();
  expect(alerts.at(-1)).toMatch(/^jsonl full: (writing fails \(ENOSPC: .*; \d event|\d event)s? dropped/);
});

describe.skipIf(process.platform === 'win32')('a process that is killed while it writes', () => {
  it('leaves at most its last line torn, and the next run begins a new one', async () => {
    const file = path('run.jsonl');
    const script = fileURLToPath(new URL('../fixtures/writeUntilKilled.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=gradwire:source', script, file], {
      stdio: 'ignore',
    });
    while (!existsSync(file) || readFileSync(file).length < 2_000_000) await wait(20);
    child.kill('SIGKILL');
    await once(child, 'exit');

    const lines = readFileSync(file, 'utf8').split('\n');
    const steps = lines.slice(0, -1).map((line) => parseEvent(line).step);
    expect(steps).toEqual(steps.map((_, i) => i));

    const log = jsonl(file);
    log(of(...run));
    await log.flushed();
    const torn = lines.at(-1) === '' ? 0 : 1;
    const events = await all(readEvents(file));
    expect(events.slice(-run.length)).toEqual(run);
    expect(events.length).toBeGreaterThanOrEqual(steps.length + run.length);
    expect(events.length).toBeLessThanOrEqual(steps.length + run.length + torn);
  });
});

it.each([
  [() => jsonl(''), TypeError, "jsonl: file must be a path, got the string ''."],
  [() => jsonl({} as never), TypeError, 'jsonl: file must be a path, got a plain object.'],
  [() => jsonl('a', {maxBufferedBytes: 0}), RangeError, 'jsonl: maxBufferedBytes must be > 0, got 0.'],
  [
    () => jsonl('a', {bytes: 1} as never),
    TypeError,
    "jsonl: there is no option 'bytes'. Options: maxBufferedBytes.",
  ],
])('names what it rejects: %#', (call, type, message) => {
  expect(call).toThrow(type);
  expect(call).toThrow(message);
});
