import {readFile} from 'node:fs/promises';
import {expect, it} from 'vitest';
import {binaries} from './binaries.js';
// @ts-expect-error a build script: plain JavaScript.
import {generate} from '../../assembly/build.mjs';

it('is what the sources in assembly compile to', async () => {
  const text = await readFile(new URL('binaries.ts', import.meta.url), 'utf8');
  expect(await (generate as () => Promise<string>)()).toBe(text);
});

it.each(Object.entries(binaries))('%s brings no data of its own into the memory of tfjs', (_name, base64) => {
  const DATA = 11;
  expect(sections(Uint8Array.from(Buffer.from(base64, 'base64')))).not.toContain(DATA);
});

/** The ids of a module's sections: an id, the size as LEB128, so many bytes. */
function sections(binary: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < binary.length;) {
    ids.push(binary[at++]!);
    let [size, shift, byte] = [0, 0, 0];
    do {
      byte = binary[at++]!;
      size |= (byte & 127) << shift;
      shift += 7;
    } while (byte >= 128);
    at += size;
  }
  return ids;
}
