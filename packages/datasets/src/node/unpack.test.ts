import {gzipSync} from 'node:zlib';
import {expect, it} from 'vitest';
import {unpack} from './unpack.js';

it('stops what grows beyond its limit', async () => {
  await expect(unpack('a.gz', gzipSync(Buffer.alloc(1001)), 1000)).rejects.toThrow(
    new Error('a.gz: what is compressed in this file has more than 1000 bytes.'),
  );
});

it('takes what reaches its limit', async () => {
  expect(await unpack('a.gz', gzipSync(Buffer.alloc(1000)), 1000)).toHaveLength(1000);
});
