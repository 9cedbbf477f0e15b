import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {files, serve} from '../../fixtures/fileServer.js';
import {tinyImageSet} from '../../fixtures/tinyImageSet.js';
import {imageSet} from '../imageSet.js';
import {loadImageSet} from './loadImageSet.js';
import type {DownloadProgress} from './mnistOptions.js';
import {sha256} from './sha256.js';
import type {PublishedFile, Source} from './source.js';

const compressed: Record<string, Buffer> = {};

function publish(name: string, content: Uint8Array): PublishedFile {
  const bytes = gzipSync(content);
  compressed[name] = bytes;
  return {name, bytes: bytes.length, sha256: sha256(bytes), unpacked: content.length};
}

const source: Source = {
  folder: 'tiny',
  classes: 10,
  mirrors: [],
  files: {
    trainImages: publish('train-images.gz', tinyImageSet.trainImages),
    trainLabels: publish('train-labels.gz', tinyImageSet.trainLabels),
    testImages: publish('test-images.gz', tinyImageSet.testImages),
    testLabels: publish('test-labels.gz', tinyImageSet.testLabels),
  },
};
const NAMES = Object.keys(compressed);
const good = files(compressed);
const tiny = imageSet(tinyImageSet);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradwire-images-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, {recursive: true});
});

describe('without a folder of files', () => {
  const load = (url: string, options: Parameters<typeof loadImageSet>[2] = {}) =>
    loadImageSet('tiny', source, {cache: folder, mirrors: [url], ...options});

  it('downloads each file once, and keeps it as it was published', async () => {
    await using server = await serve(good);
    expect(await load(server.url)).toEqual(tiny);
    expect(await load(server.url)).toEqual(tiny);
    expect(server.requests).toEqual(NAMES.map((name) => `/${name}`));
    for (const name of NAMES) expect(await readFile(join(folder, 'tiny', name))).toEqual(compressed[name]);
  });

  it.each([
    ['other bytes', Buffer.alloc(compressed['train-labels.gz']!.length)],
    ['too few bytes', Buffer.from('no')],
  ])('downloads a file anew that has %s in the cache', async (_what, damaged) => {
    await using server = await serve(good);
    await load(server.url);
    await writeFile(join(folder, 'tiny', 'train-labels.gz'), damaged);
    expect(await load(server.url)).toEqual(tiny);
    expect(server.requests.slice(4)).toEqual(['/train-labels.gz']);
  });

  it('takes an address with or without a slash at its end', async () => {
    await using server = await serve((request, response) => {
      request.url = (request.url ?? '').replace('/deep', '');
      good(request, response);
    });
    expect(await load(`${server.url}deep`)).toEqual(tiny);
    expect(server.requests[0]).toBe('/deep/train-images.gz');
  });

  it('tells how far each download is, and nothing of what is in the cache', async () => {
    await using server = await serve(good);
    const told: DownloadProgress[] = [];
    await load(server.url, {onProgress: (progress) => told.push(progress)});
    const {length} = told;
    await load(server.url, {onProgress: (progress) => told.push(progress)});
    expect(told).toHaveLength(length);
    expect(told.filter(({received, total}) => received === total)).toEqual(
      NAMES.map((file) => ({file, received: compressed[file]!.length, total: compressed[file]!.length})),
    );
  });

  it('says how to do without when no address has a file', async () => {
    await using server = await serve(files({}));
    const url = `${server.url}train-images.gz`;
    const published = {...source, mirrors: ['https://a.example/', 'https://b.example/']};
    const promise = loadImageSet('tiny', published, {cache: folder, mirrors: [server.url]});
    await expect(promise).rejects.toThrow(
      'tiny: train-images.gz could not be downloaded from any of its addresses.\n' +
        `${url} answered with the HTTP status 404\n` +
        'To do without, get train-images.gz, train-labels.gz, test-images.gz, test-labels.gz by hand from one of\n' +
        'https://a.example/\nhttps://b.example/\n' +
        'into a folder, and name the folder with the option directory (on a command line: --data).',
    );
  });

  it('says that the cache cannot be made', async () => {
    const taken = join(folder, 'taken');
    await writeFile(taken, '');
    await expect(load('http://127.0.0.1/', {cache: join(taken, 'below')})).rejects.toThrow(
      /^tiny: the folder for downloads cannot be made; name another with the option cache/,
    );
  });

  it('asks for nothing when it was aborted before', async () => {
    await using server = await serve(good);
    await expect(load(server.url, {signal: AbortSignal.abort(new Error('no'))})).rejects.toThrow('no');
    expect(server.requests).toEqual([]);
  });

  it.skipIf(process.platform === 'darwin')("keeps files in the user's cache folder", async () => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    vi.stubEnv('LOCALAPPDATA', folder);
    await using server = await serve(good);
    await loadImageSet('tiny', source, {mirrors: [server.url]});
    expect(await readdir(folder)).toEqual(['gradwire']);
  });
});

describe('with a folder of files', () => {
  const write = (contents: Readonly<Record<string, Uint8Array>>) =>
    Promise.all(Object.entries(contents).map(([name, content]) => writeFile(join(folder, name), content)));
  const load = () => loadImageSet('tiny', source, {directory: folder});

  it('reads them as they are published', async () => {
    await write(compressed);
    expect(await load()).toEqual(tiny);
  });

  it('reads one that a browser has decompressed under its old name', async () => {
    await write({...compressed, 'test-images.gz': tinyImageSet.testImages});
    expect(await load()).toEqual(tiny);
  });

  it('reads what is decompressed where there are both', async () => {
    await write({...compressed, 'test-images.gz': Buffer.of(1), 'test-images': tinyImageSet.testImages});
    expect(await load()).toEqual(tiny);
  });

  it('downloads none that is missing', async () => {
    const {'test-labels.gz': _missing, ...others} = compressed;
    await write(others);
    await expect(load()).rejects.toThrow(
      `tiny: there is no file test-labels or test-labels.gz in ${folder}.`,
    );
  });

  it('says which file is damaged', async () => {
    await write({...compressed, 'test-labels.gz': compressed['test-labels.gz']!.subarray(0, -9)});
    await expect(load()).rejects.toThrow(
      `tiny: ${join(folder, 'test-labels.gz')}: what is compressed in this file is damaged (unexpected end of file).`,
    );
  });

  it('says which file is no IDX file', async () => {
    await write({...compressed, 'train-labels.gz': gzipSync('<!DOCTYPE html>')});
    await expect(load()).rejects.toThrow(`tiny: ${join(folder, 'train-labels.gz')}: this is no IDX file`);
  });

  it('does not take a folder for a file', async () => {
    await mkdir(join(folder, 'train-images'));
    await expect(load()).rejects.toThrow('EISDIR');
  });
});
