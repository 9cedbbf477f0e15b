import {readFile, rm, writeFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {UserError} from '../userError.js';
import {runFiles} from './runFiles.js';

interface Owner {
  readonly pid: number;
  readonly host: string;
}

/**
 * Marks the folder as being trained in by this process.
 *
 * @returns what takes the mark away.
 * @throws UserError if another process trains in it.
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, runFiles.lock);
  const owner = await runOwner(folder);
  if (owner !== undefined) {
    throw new UserError(
      `${folder} is being trained by process ${owner.pid} on ${owner.host}. Wait for its end; if there is no such process, delete ${file}.`,
    );
  }
  // What a killed process has left.
  await rm(file, {force: true});
  const mine: Owner = {pid: process.pid, host: hostname()};
  await writeFile(file, `${JSON.stringify(mine)}\n`, {flag: 'wx'});
  return () => rm(file, {force: true});
}

/** The process that trains in the folder, if one does. Processes of other machines are taken to live. */
export async function runOwner(folder: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(join(folder, runFiles.lock), 'utf8')) as Owner;
    return owner.host === hostname() && !isAlive(owner.pid) ? undefined : owner;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
