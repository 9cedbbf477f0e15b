import {rm} from 'node:fs/promises';
import {fetchRest, type Watch} from './fetchRest.js';
import {MirrorError} from './MirrorError.js';
import {readUpTo} from './readUpTo.js';
import {sha256} from './sha256.js';
import type {PublishedFile} from './source.js';

/**
 * Fetches a file from one address, beginning with what is in the part, and verifies it. A part that proves wrong is thrown
 * away, and the file is fetched from its start.
 *
 * What is verified is the copy in memory: the part is there to go on from, should this come to nothing.
 */
export async function fetchVerified(
  url: string,
  part: string,
  file: PublishedFile,
  watch: Watch,
): Promise<Buffer> {
  const content = Buffer.alloc(file.bytes);
  const offset = (await readUpTo(file.bytes, part))?.copy(content) ?? 0;
  try {
    if (offset < file.bytes) await fetchRest(url, part, content, offset, watch);
    if (sha256(content) === file.sha256) return content;
    throw new MirrorError(`sent a file whose SHA-256 is not ${file.sha256}`, {spoilt: true});
  } catch (error) {
    if (!(error instanceof MirrorError && error.spoilt)) throw error;
    await rm(part, {force: true});
    if (offset === 0) throw error;
    return fetchVerified(url, part, file, watch);
  }
}
