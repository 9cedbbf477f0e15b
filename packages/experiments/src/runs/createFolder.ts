import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {UserError} from '../userError.js';

/** Makes a new folder in `parent`. One that was named must be free; a proposed name is counted on. */
export async function createFolder(
  parent: string,
  {name, proposed}: {readonly name?: string | undefined; readonly proposed: string},
): Promise<string> {
  await makeParent(parent);
  for (let count = 1; ; count++) {
    const folder = join(parent, name ?? (count === 1 ? proposed : `${proposed}-${count}`));
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(folder, error);
      if (name === undefined) continue;
      throw new UserError(
        `--name ${name}: ${folder} is there already. Choose another name, or --resume ${name}.`,
      );
    }
  }
}

async function makeParent(parent: string): Promise<void> {
  try {
    await mkdir(parent, {recursive: true});
  } catch (error) {
    throw notWritable(parent, error);
  }
}

function notWritable(folder: string, error: unknown): UserError {
  return new UserError(`--runs: cannot make ${folder}: ${(error as Error).message}.`);
}
