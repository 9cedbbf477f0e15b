import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {NamedBytes} from '../labelledImages.js';
import type {PublishedFile} from './source.js';
import {unlessMissing} from './unlessMissing.js';
import {unpack} from './unpack.js';

/** Far more than any image set of this layout has, and what still fits into memory. */
const LIMIT = 2 ** 30;

/** Reads a file of the user's, decompressed or not; it is taken as it is. */
export async function givenFile(
  caller: string,
  directory: string,
  {name}: PublishedFile,
  signal: AbortSignal | undefined,
): Promise<NamedBytes> {
  const plain = name.replace(/\.gz$/, '');
  for (const path of [join(directory, plain), join(directory, name)]) {
    const content = await unlessMissing(readFile(path, {signal}));
    if (content === undefined) continue;
    const label = `${caller}: ${path}`;
    return {name: label, bytes: await unpack(label, content, LIMIT)};
  }
  throw new Error(
    `${caller}: there is no file ${plain} or ${name} in ${directory}. Put it there, or leave out directory to have it downloaded.`,
  );
}
