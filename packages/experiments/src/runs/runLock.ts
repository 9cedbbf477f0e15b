import {readFile, rename, rm, writeFile} from 'node:fs/promises';
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
  const mine: Owner = {pid: process.pid, host: hostname()};
  const mark = (): Promise<void> => writeFile(file, `${JSON.stringify(mine)}\n`, {flag: 'wx'});
  const refuse = async (error: NodeJS.ErrnoException): Promise<never> => {
    if (error.code !== 'EEXIST') throw error;
    const {pid, host} = (await runOwner(folder)) ?? {pid: 'unknown', host: hostname()};
    throw new UserError(
      `${folder} is being trained by process ${pid} on ${host}. Wait for its end; if there is no such process, delete ${file}.`,
    );
  };
  await mark().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' || (await runOwner(folder)) !== undefined) return refuse(error);
    // What a killed process has left goes to one of those who find it: only one can rename it.
    const left = `${file}.${process.pid}`;
    await rename(file, left).catch(() => undefined);
    await rm(left, {force: true});
    return mark().catch(refuse);
  });
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
