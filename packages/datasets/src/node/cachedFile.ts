import {mkdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {NamedBytes} from '../labelledImages.js';
import {download} from './download.js';
import type {MnistOptions} from './mnistOptions.js';
import {readVerified} from './readVerified.js';
import type {PublishedFile, Source} from './source.js';
import {unpack} from './unpack.js';

/** Reads a published file from the cache; downloads it if it is not there, or not as it was published. */
export async function cachedFile(
  caller: string,
  source: Source,
  file: PublishedFile,
  {
    cache,
    mirrors,
    signal,
    onProgress,
  }: MnistOptions & {readonly cache: string; readonly mirrors: readonly string[]},
): Promise<NamedBytes> {
  const path = join(cache, source.folder, file.name);
  const onReceived = (received: number): void => onProgress?.({file: file.name, received, total: file.bytes});
  let content = await readVerified(path, file);
  if (content === undefined) {
    await makeFolder(caller, dirname(path));
    content = await download(path, file, mirrors, {signal, onReceived}).catch((error: unknown) => {
      throw error instanceof AggregateError ? explained(caller, source, file, error) : error;
    });
  }
  const name = `${caller}: ${path}`;
  return {name, bytes: await unpack(name, content, file.unpacked)};
}

async function makeFolder(caller: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, {recursive: true});
  } catch (error) {
    throw new Error(
      `${caller}: the folder for downloads cannot be made; name another with the option cache. ${(error as Error).message}.`,
      {cause: error},
    );
  }
}

function explained(
  caller: string,
  source: Source,
  file: PublishedFile,
  error: AggregateError,
): AggregateError {
  const names = Object.values<PublishedFile>({...source.files}).map(({name}) => name);
  return new AggregateError(
    error.errors,
    `${caller}: ${file.name} could not be downloaded from any of its addresses.\n${error.message}\n` +
      `To do without, get ${names.join(', ')} by hand from one of\n${source.mirrors.join('\n')}\n` +
      'into a folder, and name the folder with the option directory (on a command line: --data).',
  );
}
