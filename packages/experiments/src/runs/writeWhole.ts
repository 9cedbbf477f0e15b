import {open, rename, rm} from 'node:fs/promises';

/** Writes a file that is there as a whole or, if the process or the machine dies meanwhile, as it was before. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, {force: true});
    throw error;
  }
}

/** {@link writeWhole} of JSON; NaN and infinities, which it lacks, become strings. */
export function writeJson(file: string, value: unknown): Promise<void> {
  return writeWhole(file, `${toJson(value)}\n`);
}

/** JSON with NaN and infinities as strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, entry: unknown) => (typeof entry === 'number' && !Number.isFinite(entry) ? String(entry) : entry),
    2,
  );
}
