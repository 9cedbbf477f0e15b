import {readFile, stat} from 'node:fs/promises';
import {unlessMissing} from './unlessMissing.js';

/** The bytes of a file; undefined if there is none, or it is larger than `limit`: then it is not read into memory. */
export async function readUpTo(limit: number, path: string): Promise<Buffer | undefined> {
  const found = await unlessMissing(stat(path));
  return found === undefined || found.size > limit ? undefined : unlessMissing(readFile(path));
}
