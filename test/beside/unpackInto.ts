import {mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {packAll, unpackAll} from './packages.js';

/** A folder inside of an installation that has our packages as they would be published now. */
export async function unpackInto(
  installation: string,
): Promise<{readonly folder: string; remove(): Promise<void>}> {
  const folder = await mkdtemp(join(installation, 'run-'));
  const remove = (): Promise<void> => rm(folder, {recursive: true});
  try {
    await unpackAll(await packAll(join(folder, 'tarballs')), join(folder, 'node_modules'));
  } catch (error) {
    await remove();
    throw error;
  }
  return {folder, remove};
}
