import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtemp, readdir, readFile, rename, rm, utimes, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type Answer, files, serve} from '../../fixtures/fileServer.js';
import {download} from './download.js';

const NAME = 'digits.gz';
const SIZE = 100_000;
const HALF = SIZE / 2;
const content = Buffer.from(Uint8Array.from({length: SIZE}, (_, i) => (i * i) >>> 8));
const file = {
  name: NAME,
  bytes: SIZE,
  sha256: createHash('sha256').update(content).digest('hex'),
  unpacked: 0,
};
const good = files({[NAME]: content});

/** Sends half of the file, then waits; the connection is to be cut by the test. */
const half: Answer = (_request, response) => {
  response.setHeader('content-length', SIZE);
  response.write(content.subarray(0, HALF));
};
/** A server that answers a request for a range in its own way. */
const unlessRange =
  (answer: Answer): Answer =>
  (request, response) =>
    (request.headers.range === undefined ? good : answer)(request, response);

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradwire-download-'));
  path = join(folder, NAME);
});
afterEach(() => rm(folder, {recursive: true}));

const leavePart = (bytes: Uint8Array, suffix = 'part') => writeFile(`${path}.${suffix}`, bytes);

function fetchFrom(
  mirrors: readonly {readonly url: string}[],
  onReceived: (received: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Buffer> {
  return download(
    path,
    file,
    mirrors.map(({url}) => url),
    {signal, onReceived},
  );
}

async function expectDownloaded(promise: Promise<Buffer>): Promise<void> {
  expect((await promise).equals(content)).toBe(true);
  expect(await readdir(folder)).toEqual([NAME]);
  expect((await readFile(path)).equals(content)).toBe(true);
}

describe('download', () => {
  it('puts the file, and nothing else, into its place', async () => {
    await using server = await serve(good);
    await expectDownloaded(fetchFrom([server]));
  });

  it('tells how far it is, from nothing to the whole', async () => {
    await using server = await serve(good);
    const received: number[] = [];
    await fetchFrom([server], (bytes) => received.push(bytes));
    expect(received).toEqual(received.toSorted((a, b) => a - b));
    expect([received[0], received.at(-1)]).toEqual([0, SIZE]);
  });

  it('goes on with what a broken connection has left, at the next call', async () => {
    let isCut = false;
    await using server = await serve((request, response) => (isCut ? good : half)(request, response));
    const cut = (received: number) => {
      if (received < HALF) return;
      isCut = true;
      void server[Symbol.asyncDispose]();
    };
    await expect(fetchFrom([server], cut)).rejects.toThrow('broke off');
    expect(await readdir(folder)).toEqual([`${NAME}.part`]);

    await using again = await serve(good);
    await expectDownloaded(fetchFrom([again]));
    expect(again.requests).toEqual([`/${NAME} bytes=${HALF}-`]);
  });

  it('goes on at the next address when a connection breaks', async () => {
    await using broken = await serve(half);
    await using server = await serve(good);
    const cut = (received: number) => {
      if (received === HALF) void broken[Symbol.asyncDispose]();
    };
    await expectDownloaded(fetchFrom([broken, server], cut));
    expect(server.requests).toEqual([`/${NAME} bytes=${HALF}-`]);
  });

  it('counts what was there before', async () => {
    await leavePart(content.subarray(0, HALF));
    await using server = await serve(good);
    const received: number[] = [];
    await fetchFrom([server], (bytes) => received.push(bytes));
    expect(received[0]).toBe(HALF);
  });

  it('asks for nothing when all was there', async () => {
    await leavePart(content);
    await using server = await serve(good);
    await expectDownloaded(fetchFrom([server]));
    expect(server.requests).toEqual([]);
  });

  it('starts anew where a server knows no ranges', async () => {
    await leavePart(content.subarray(0, HALF));
    await using server = await serve((request, response) => {
      delete request.headers.range;
      good(request, response);
    });
    await expectDownloaded(fetchFrom([server]));
    expect(server.requests).toEqual([`/${NAME} bytes=${HALF}-`]);
  });

  it.each<[string, Answer]>([
    ['refuses the range', (_request, response) => response.writeHead(416).end()],
    [
      'has a file of another size',
      (_request, response) =>
        response.writeHead(206, {'content-range': `bytes ${HALF}-${SIZE}/${SIZE + 1}`}).end(),
    ],
    ['does not say which range it sends', (_request, response) => response.writeHead(206).end(content)],
  ])('starts anew where a server %s', async (_what, answer) => {
    await leavePart(content.subarray(0, HALF));
    await using server = await serve(unlessRange(answer));
    await expectDownloaded(fetchFrom([server]));
    expect(server.requests).toEqual([`/${NAME} bytes=${HALF}-`, `/${NAME}`]);
  });

  it.each([
    ['damaged', Buffer.alloc(HALF)],
    ['complete and damaged', Buffer.alloc(SIZE)],
    ['too long', Buffer.concat([content, content])],
  ])('starts anew when what is there is %s', async (_what, part) => {
    await leavePart(part);
    await using server = await serve(good);
    await expectDownloaded(fetchFrom([server]));
    expect(server.requests.at(-1)).toBe(`/${NAME}`);
  });

  it('goes to the next address, with nothing, when the checksum is wrong', async () => {
    await using wrong = await serve(files({[NAME]: Buffer.alloc(SIZE)}));
    await using server = await serve(good);
    await expectDownloaded(fetchFrom([wrong, server]));
    expect(server.requests).toEqual([`/${NAME}`]);
  });

  it('says what each address did wrong', async () => {
    await using wrong = await serve(files({[NAME]: Buffer.alloc(SIZE)}));
    await using missing = await serve(files({}));
    await using closed = await serve(good);
    await closed[Symbol.asyncDispose]();
    const error = await fetchFrom([wrong, missing, closed]).catch((reason: unknown) => reason);
    expect((error as AggregateError).errors.map(({message}: Error) => message)).toEqual([
      `${wrong.url}${NAME} sent a file whose SHA-256 is not ${file.sha256}`,
      `${missing.url}${NAME} answered with the HTTP status 404`,
      expect.stringMatching(`${closed.url}${NAME} .*ECONNREFUSED`),
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('stops a server that sends too much', async () => {
    await using server = await serve((_request, response) => {
      response.write(content);
      response.write(content);
    });
    await expect(fetchFrom([server])).rejects.toThrow(`sent more than ${SIZE} bytes`);
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps what a server that sends too little has sent', async () => {
    await using server = await serve((_request, response) =>
      response.write(content.subarray(0, HALF), () => response.end()),
    );
    await expect(fetchFrom([server])).rejects.toThrow(`ended after ${HALF} of ${SIZE} bytes`);
    expect((await readFile(`${path}.part`)).equals(content.subarray(0, HALF))).toBe(true);
  });

  it('does not take a file that is encoded on its way', async () => {
    await using server = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      response.writeHead(200, {'content-encoding': 'gzip'}).end(content);
    });
    await expect(fetchFrom([server])).rejects.toThrow('sent the file in the content encoding gzip');
  });

  it('ends when it is aborted, asks no other address and keeps what it has', async () => {
    const abort = new AbortController();
    await using server = await serve(half);
    await using other = await serve(good);
    const stop = (received: number) => {
      if (received === HALF) abort.abort(new Error('enough'));
    };
    await expect(fetchFrom([server, other], stop, abort.signal)).rejects.toThrow('enough');
    expect(other.requests).toEqual([]);
    expect(await readdir(folder)).toEqual([`${NAME}.part`]);
  });

  it('passes an error of the callback on, and asks no other address', async () => {
    await using server = await serve(good);
    await using other = await serve(good);
    const fail = () => {
      throw new Error('no screen');
    };
    await expect(fetchFrom([server, other], fail)).rejects.toThrow(new Error('no screen'));
    expect(other.requests).toEqual([]);
  });

  it('takes over what a killed process has left', async () => {
    const {pid} = spawnSync(process.execPath, ['--eval', '']);
    await leavePart(content.subarray(0, HALF), `${pid}-0000abcd.part`);
    await using server = await serve(good);
    await expectDownloaded(fetchFrom([server]));
    expect(server.requests).toEqual([`/${NAME} bytes=${HALF}-`]);
  });

  it('takes over the largest of several parts, and removes the others', async () => {
    await leavePart(content.subarray(0, 10), '0-00000001.part');
    await leavePart(content.subarray(0, HALF));
    await leavePart(content.subarray(0, 20), '0-00000002.part');
    await using server = await serve(good);
    const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
    for (const name of await readdir(folder)) await utimes(join(folder, name), old, old);
    await expectDownloaded(fetchFrom([server]));
    expect(server.requests).toEqual([`/${NAME} bytes=${HALF}-`]);
  });

  it('leaves alone what a running process is writing', async () => {
    const part = `${process.pid}-0000abcd.part`;
    await leavePart(content.subarray(0, HALF), part);
    await using server = await serve(good);
    await fetchFrom([server]);
    expect(await readdir(folder)).toEqual([NAME, `${NAME}.${part}`]);
    expect(server.requests).toEqual([`/${NAME}`]);
  });

  it('takes over what nobody has written to for an hour, whatever runs under that number', async () => {
    const part = `${process.pid}-0000abcd.part`;
    await leavePart(content.subarray(0, HALF), part);
    const old = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(`${path}.${part}`, old, old);
    await using server = await serve(good);
    await expectDownloaded(fetchFrom([server]));
  });

  it('does not disturb another download of the file at the same time', async () => {
    await using server = await serve(good);
    const both = await Promise.all([fetchFrom([server]), fetchFrom([server])]);
    expect(both.map((bytes) => bytes.equals(content))).toEqual([true, true]);
    expect(await readdir(folder)).toEqual([NAME]);
  });

  it('gives the file also when another download takes its part', async () => {
    let taken = false;
    await using server = await serve((_request, response) => {
      void (async () => {
        response.setHeader('content-length', SIZE);
        response.write(content.subarray(0, HALF));
        while (!taken) await new Promise((resolve) => setTimeout(resolve, 5));
        response.end(content.subarray(HALF));
      })();
    });
    const take = (received: number) => {
      if (received !== HALF) return;
      void (async () => {
        const [part = ''] = await readdir(folder);
        await rename(join(folder, part), join(folder, 'taken'));
        taken = true;
      })();
    };
    expect((await fetchFrom([server], take)).equals(content)).toBe(true);
  });
});
