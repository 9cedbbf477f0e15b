import {readUpTo} from './readUpTo.js';
import {sha256} from './sha256.js';
import type {PublishedFile} from './source.js';

/** The bytes of a file if they are those that were published; undefined if they are others, or there is no such file. */
export async function readVerified(path: string, file: PublishedFile): Promise<Buffer | undefined> {
  const content = await readUpTo(file.bytes, path);
  return content?.length === file.bytes && sha256(content) === file.sha256 ? content : undefined;
}
