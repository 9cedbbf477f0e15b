import {randomBytes} from 'node:crypto';
import {readdir, rename, rm, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {unlessMissing} from './unlessMissing.js';

const HOUR = 60 * 60 * 1000;

/**
 * Takes over what an earlier download of a file has left, under a name that no other download uses.
 *
 * A download that fails leaves `<file>.part` (see {@link releasePart}). One that was killed leaves a part with its process's
 * number, which is taken over when there is no such process, or nothing was written for an hour: the number may be
 * in use again, or belong to another machine. Renaming is atomic, so of two that want a part one gets it. Should it
 * be in use after all, both write the same bytes to the same places.
 *
 * @returns the path of the part, whether or not there was one to take over.
 */
export async function claimPart(file: string): Promise<string> {
  const own = `${file}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
  const leftovers = await abandonedParts(file);
  // The largest comes last, over the others.
  for (const {path} of leftovers.toSorted((a, b) => a.size - b.size)) await unlessMissing(rename(path, own));
  return own;
}

/** Leaves a part to the next download of the file. */
export async function releasePart(own: string, file: string): Promise<void> {
  const part = await unlessMissing(stat(own));
  if (part === undefined) return;
  if (part.size === 0) await rm(own, {force: true});
  else await unlessMissing(rename(own, `${file}.part`));
}

async function abandonedParts(file: string): Promise<{readonly path: string; readonly size: number}[]> {
  const found = [];
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`)) continue;
    const [match, pid] = /^\.(?:(\d+)-[\da-f]+\.)?part$/.exec(name.slice(basename(file).length)) ?? [];
    if (match === undefined) continue;
    const path = join(dirname(file), name);
    const part = await unlessMissing(stat(path));
    if (part === undefined) continue;
    const isAbandoned = pid === undefined || !isRunning(Number(pid)) || part.mtimeMs < Date.now() - HOUR;
    if (isAbandoned) found.push({path, size: part.size});
  }
  return found;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
