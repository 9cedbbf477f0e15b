import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {measureInChild} from './measureInChild.js';

const {signal} = new AbortController();
const hangs = 'setInterval(() => {}, 1000);';
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradwire-child-'));
});

afterAll(() => rmSync(folder, {recursive: true}));

/** A program that stands for the one that measures. */
function program(source: string): string {
  const file = join(mkdtempSync(join(folder, 'program-')), 'child.mjs');
  writeFileSync(file, source);
  return file;
}

it('returns what the child sends, though the child goes on', async () => {
  const child = program(`process.send({name: process.argv[2], available: true}); ${hangs}`);
  expect(await measureInChild('wasm', {program: child, signal})).toEqual({name: 'wasm', available: true});
});

it('gives up a child that hangs', async () => {
  expect(await measureInChild('webgpu', {program: program('for (;;);'), signal, timeout: 500})).toEqual({
    name: 'webgpu',
    available: false,
    code: 'failed',
    reason: 'no answer within 0.5 s',
  });
});

it.each([
  ["throw new Error('out of range');", /^its process ended with exit code 1: .*/],
  [
    "console.error('terminate called'); process.kill(process.pid, 'SIGABRT');",
    /^its process ended with SIGABRT: terminate called$/,
  ],
])('says how a child ended: %s', async (source, reason) => {
  const diagnosis = await measureInChild('tfjs-node', {program: program(source), signal});
  expect(diagnosis).toMatchObject({available: false, code: 'failed', reason: expect.stringMatching(reason)});
});

it('ends the child when it is aborted', async () => {
  const abort = new AbortController();
  const file = join(folder, 'pid');
  const child = program(`
    import {writeFileSync} from 'node:fs';
    writeFileSync(${JSON.stringify(file)}, String(process.pid));
    ${hangs}`);
  const diagnosis = measureInChild('wasm', {program: child, signal: abort.signal});
  const pid = await readWhenWritten(file);
  abort.abort();
  await expect(diagnosis).rejects.toThrow('aborted');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

async function readWhenWritten(file: string): Promise<number> {
  await expect
    .poll(() => existsSync(file) && readFileSync(file, 'utf8') !== '', {timeout: 10_000})
    .toBe(true);
  return Number(readFileSync(file, 'utf8'));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
