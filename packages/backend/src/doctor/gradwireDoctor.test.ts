import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import type {Report} from './diagnosis.js';
import {doctorTable} from './doctorTable.js';
import {namesHere} from './measureBackend.js';

const program = fileURLToPath(new URL('../bin/gradwireDoctor.ts', import.meta.url));

function gradwireDoctor(...args: string[]) {
  const child = spawn(process.execPath, ['--conditions=gradwire:source', '--import=tsx', program, ...args]);
  const closed = once(child, 'close') as Promise<[code: number]>;
  const output = Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return {child, result: output.then(([[code], stdout, stderr]) => ({code, stdout, stderr}))};
}

it('prints its help', async () => {
  const {code, stdout, stderr} = await gradwireDoctor('--help').result;
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  expect(stdout).toContain('gradwire-doctor [--json]');
});

it('does not mind a reader that goes away', async () => {
  const {child, result} = gradwireDoctor('--help');
  child.stdout.destroy();
  await Promise.allSettled([once(child, 'close'), result]);
  expect(child.exitCode).toBe(0);
});

it.each([
  [['wasm'], "gradwire-doctor: Unexpected argument 'wasm'."],
  [['--fast'], "gradwire-doctor: Unknown option '--fast'.\n"],
])('does not understand %j', async (args, problem) => {
  const {code, stdout, stderr} = await gradwireDoctor(...args).result;
  expect({code, stdout}).toEqual({code: 2, stdout: ''});
  expect(stderr).toContain(problem);
  expect(stderr).toContain('gradwire-doctor [--json]');
});

it('ends when it is interrupted, and its child with it', async () => {
  const {child, result} = gradwireDoctor();
  // Sent before its handler stands, the signal would end it in another way.
  await expect.poll(() => childrenOf(child.pid!), {timeout: 30_000}).toHaveLength(1);
  const [grandchild] = childrenOf(child.pid!);
  child.kill('SIGINT');
  expect(await result).toEqual({code: 130, stdout: '', stderr: 'gradwire-doctor: interrupted.\n'});
  await expect.poll(() => processes().some(({pid}) => pid === grandchild)).toBe(false);
});

function childrenOf(parent: number): number[] {
  return processes().flatMap(({pid, ppid}) => (ppid === parent ? pid : []));
}

function processes(): {readonly pid: number; readonly ppid: number}[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], {encoding: 'utf8'}).trim().split('\n');
  return lines.map((line) => {
    const [pid = 0, ppid = 0] = line.trim().split(/\s+/).map(Number);
    return {pid, ppid};
  });
}

it('reports all backends', {timeout: 180_000}, async () => {
  const {code, stdout, stderr} = await gradwireDoctor('--json').result;
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  const report = JSON.parse(stdout) as Report;
  expect(report.backends.map(({name}) => name)).toEqual(namesHere());
  expect(report.backends.filter(({available}) => available).map(({name}) => name)).toEqual([
    'wasm',
    'wasm, as shipped',
    'cpu',
  ]);
  const taken = report.backends.filter((diagnosis) => diagnosis.available && diagnosis.auto);
  expect(taken.map(({name}) => name)).toEqual(['wasm', 'cpu']);
  expect(
    doctorTable(report)
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([]);
});
