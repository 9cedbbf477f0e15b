import {readFile} from 'node:fs/promises';
import {UserError} from '../userError.js';

/** The object in a JSON file of version 1; undefined where there is no file. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is no JSON: ${(error as Error).message}.`);
  }
  const {version} = (value ?? {}) as {readonly version?: unknown};
  if (version === 1) return value as T;
  throw new UserError(
    `${file} is of version ${String(version)}; this program reads version 1. Use the version of gradwire that wrote it.`,
  );
}
