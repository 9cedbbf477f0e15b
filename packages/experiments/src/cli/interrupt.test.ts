import {mkdtempSync} from 'node:fs';
import {readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, it} from 'vitest';
import {gradwire, start} from '../../fixtures/cli/program.js';

const folder = mkdtempSync(join(tmpdir(), 'gradwire-interrupt-'));
afterAll(() => rm(folder, {recursive: true}));

const ARGS = ['-e', '12', '--slowness', '20', '--backend', 'cpu', '--checkpoint-every', '0', '--quiet'];
const run = (name: string) => start(folder, 'run', 'tiny', ...ARGS, '--name', name);

/** The weights' checksum and every figure of every step and epoch. */
async function tracesOf(name: string): Promise<{sha256: unknown; events: unknown[]}> {
  const read = (file: string) => readFile(join(folder, 'runs', name, file), 'utf8');
  const {sha256} = JSON.parse(await read('checkpoint.json')) as {sha256: string};
  const events = (await read('events.jsonl'))
    .trim()
    .split('\n')
    .map((line) => {
      const {time: _, duration: __, run: ___, ...event} = JSON.parse(line) as Record<string, unknown>;
      return event;
    });
  return {sha256, events};
}

async function hasTrained(name: string, epochs: number): Promise<boolean> {
  const text = await readFile(join(folder, 'runs', name, 'checkpoint.json'), 'utf8').catch(() => '{}');
  return ((JSON.parse(text) as {epochsDone?: number}).epochsDone ?? 0) >= epochs;
}

const undisturbed = run('undisturbed').ended.then(() => tracesOf('undisturbed'));

it.each<[NodeJS.Signals, number]>([
  ['SIGINT', 130],
  ['SIGTERM', 130],
])(
  'a run that %s ends says how to go on, and goes on bit for bit',
  {timeout: 120_000},
  async (signal, code) => {
    const {child, ended} = run(signal);
    await expect.poll(() => hasTrained(signal, 3), {timeout: 60_000}).toBe(true);
    child.kill(signal);
    const {stderr, stdout, ...end} = await ended;
    expect({...end, stdout}).toEqual({code, stdout: ''});
    expect(stderr).toMatch(
      /ending at the next step.*\nStopped; kept: \d+ epochs. To go on:\n {2}gradwire run tiny --resume/,
    );
    const listed = await gradwire(folder, 'list');
    expect(listed.stdout).toMatch(new RegExp(`stopped +\\d+/12 .* ${signal}$`, 'm'));

    expect((await gradwire(folder, 'run', 'tiny', '--resume', signal, '--quiet')).code).toBe(0);
    expect(await tracesOf(signal)).toEqual(await undisturbed);
  },
);

it('a run that is killed goes on bit for bit', {timeout: 120_000}, async () => {
  const {child, ended} = run('killed');
  await expect.poll(() => hasTrained('killed', 4), {timeout: 60_000}).toBe(true);
  child.kill('SIGKILL');
  await ended;
  expect((await gradwire(folder, 'run', 'tiny', '--resume', '--quiet')).code).toBe(0);
  expect(await tracesOf('killed')).toEqual(await undisturbed);
});

it('a second interrupt ends at once', {timeout: 60_000}, async () => {
  const {child, ended} = start(folder, 'run', 'tiny', ...ARGS, '--slowness', '60000', '--name', 'stuck');
  let stderr = '';
  child.stderr!.on('data', (text) => (stderr += String(text)));
  await expect
    .poll(
      () =>
        readFile(join(folder, 'runs', 'stuck', 'environment.json')).then(
          () => true,
          () => false,
        ),
      {timeout: 30_000},
    )
    .toBe(true);
  // The first step sleeps a minute.
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill('SIGINT');
  await expect.poll(() => stderr, {timeout: 10_000}).toContain('Ctrl-C again');
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
});
