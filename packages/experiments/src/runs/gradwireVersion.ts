import {readFile} from 'node:fs/promises';

/** The version of this package, which is that of all of the project. */
export async function gradwireVersion(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as {readonly version: string}).version;
}
