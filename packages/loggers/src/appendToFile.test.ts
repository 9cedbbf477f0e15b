import {appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {expect, it} from 'vitest';
import {temporaryFolder} from '../fixtures/temporaryFolder.js';
import {appendToFile} from './appendToFile.js';

const path = temporaryFolder();
const text = (file: string) => readFileSync(file, 'utf8');

it('makes the folder, and appends', async () => {
  const file = path('runs', 'a', 'run.jsonl');
  const append = appendToFile(file);
  expect(await append(Buffer.from('one\n'))).toBe(4);
  await append(Buffer.from('two\n'));
  expect(text(file)).toBe('one\ntwo\n');
});

it('leaves a torn line alone', async () => {
  const file = path('run.jsonl');
  writeFileSync(file, 'one\ntw');
  const append = appendToFile(file, {mendsLine: true});
  await append(Buffer.from('three\n'));
  await append(Buffer.from('four\n'));
  expect(text(file)).toBe('one\ntw\nthree\nfour\n');
});

it('adds nothing to a file that ends with a line', async () => {
  const file = path('run.jsonl');
  writeFileSync(file, 'one\n');
  await appendToFile(file, {mendsLine: true})(Buffer.from('two\n'));
  expect(text(file)).toBe('one\ntwo\n');
});

it('goes on after what another process has appended', async () => {
  const file = path('run.jsonl');
  const append = appendToFile(file);
  await append(Buffer.from('one\n'));
  appendFileSync(file, 'other\n');
  await append(Buffer.from('two\n'));
  expect(text(file)).toBe('one\nother\ntwo\n');
});

it('begins anew, with folder and heading, when all was removed', async () => {
  const file = path('runs', 'run.csv');
  const append = appendToFile(file, {heading: Buffer.from('a,b\n')});
  await append(Buffer.from('1,2\n'));
  await append(Buffer.from('3,4\n'));
  expect(text(file)).toBe('a,b\n1,2\n3,4\n');
  rmSync(dirname(file), {recursive: true});
  await append(Buffer.from('5,6\n'));
  expect(text(file)).toBe('a,b\n5,6\n');
});

it('rejects where there is a folder, or a file in place of one', async () => {
  mkdirSync(path('folder'));
  await expect(appendToFile(path('folder'))(Buffer.from('1'))).rejects.toThrow('EISDIR');
  writeFileSync(path('file'), '');
  await expect(appendToFile(path('file', 'run.jsonl'))(Buffer.from('1'))).rejects.toThrow('ENOTDIR');
});

it.skipIf(!existsSync('/dev/full'))('rejects on a disk that is full', async () => {
  await expect(appendToFile('/dev/full')(Buffer.from('1'))).rejects.toThrow('ENOSPC');
});
