import {Readable} from 'node:stream';
import fc from 'fast-check';
import {expect, it} from 'vitest';
import {linesOf} from './linesOf.js';

async function lines(chunks: readonly (string | Uint8Array)[], limit = 1_000): Promise<string[]> {
  const list: string[] = [];
  for await (const line of linesOf(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), limit))
    list.push(line);
  return list;
}

it('splits as a string does, however the bytes come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({unit: fc.constantFrom('a', '\n', 'é', '\r')}),
      fc.integer({min: 1, max: 5}),
      async (text, size) => {
        const bytes = Buffer.from(text);
        const chunks = Array.from({length: Math.ceil(bytes.length / size)}, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        expect(await lines(chunks)).toEqual(text.split('\n'));
      },
    ),
  );
});

it('leaves out what is longer than the limit, and goes on after it', async () => {
  expect(await lines(['ab\nabc', 'd', 'e\nabc\n'], 3)).toEqual(['ab', '', 'abc', '']);
});
