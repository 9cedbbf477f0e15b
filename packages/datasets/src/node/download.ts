import {rename} from 'node:fs/promises';
import type {Watch} from './fetchRest.js';
import {fetchVerified} from './fetchVerified.js';
import {MirrorError} from './MirrorError.js';
import {claimPart, releasePart} from './ownPart.js';
import type {PublishedFile} from './source.js';
import {unlessMissing} from './unlessMissing.js';

/**
 * Downloads a file to a path in a folder that there is, from the first of the addresses that has it.
 *
 * @throws AggregateError if none has it; with one error for each.
 */
export async function download(
  path: string,
  file: PublishedFile,
  mirrors: readonly string[],
  watch: Watch,
): Promise<Buffer> {
  const part = await claimPart(path);
  try {
    const content = await fetchFromAny(mirrors, part, file, watch);
    // Gone if another download has taken the part over, and will put it in its place.
    await unlessMissing(rename(part, path));
    return content;
  } catch (error) {
    await releasePart(part, path);
    throw error;
  }
}

async function fetchFromAny(
  mirrors: readonly string[],
  part: string,
  file: PublishedFile,
  watch: Watch,
): Promise<Buffer> {
  const failures: Error[] = [];
  for (const mirror of mirrors) {
    const url = new URL(file.name, mirror).href;
    try {
      return await fetchVerified(url, part, file, watch);
    } catch (error) {
      if (!(error instanceof MirrorError)) throw error;
      failures.push(new Error(`${url} ${error.message}`, {cause: error}));
    }
  }
  throw new AggregateError(failures, failures.map(({message}) => message).join('\n'));
}
