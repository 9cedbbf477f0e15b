import {readFile} from 'node:fs/promises';
import {expect, it} from 'vitest';
import {binary} from './binary.js';
// @ts-expect-error a build script: plain JavaScript.
import {generate} from '../../assembly/build.mjs';

it('is what the sources in assembly compile to', async () => {
  const text = await readFile(new URL('binary.ts', import.meta.url), 'utf8');
  expect(await (generate as () => Promise<string>)()).toBe(text);
});

it('is small: less than 2 kB', () => {
  expect(Buffer.from(binary, 'base64').length).toBeLessThan(2048);
});
