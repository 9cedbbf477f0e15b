import {mkdir, mkdtemp, readdir, rename, rm, stat} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';

/** Where this project keeps what it has downloaded, for all its clones. */
const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'gradwire');

const DAY = 24 * 60 * 60 * 1000;

/**
 * A folder in the user's cache that `fill` has filled, in this run or in an earlier one.
 *
 * It appears under its name when it is complete, so neither a run that breaks off nor one at the same time can spoil it.
 */
export async function cachedFolder(
  kind: string,
  version: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = join(cache, `${kind}-${version}`);
  if (await changedAt(folder)) return folder;
  await mkdir(cache, {recursive: true});
  await removeOld(kind);
  const work = await mkdtemp(`${folder}.`);
  try {
    await fill(work);
    await rename(work, folder).catch(async (error: unknown) => {
      // Another run was faster.
      if (!(await changedAt(folder))) throw error;
    });
    return folder;
  } finally {
    await rm(work, {recursive: true, force: true});
  }
}

/** Removes other versions, and what was left of one that broke off; not those that a run may be using. */
async function removeOld(kind: string): Promise<void> {
  const names = await readdir(cache);
  for (const folder of names.filter((name) => name.startsWith(`${kind}-`)).map((name) => join(cache, name))) {
    if (((await changedAt(folder)) ?? 0) < Date.now() - DAY) await rm(folder, {recursive: true, force: true});
  }
}

/** When something was last put into a folder or taken out; undefined if there is no such folder. */
async function changedAt(folder: string): Promise<number | undefined> {
  return stat(folder).then(
    ({mtimeMs}) => mtimeMs,
    () => undefined,
  );
}
