import {type FileHandle, mkdir, open} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {Append} from './boundedWriter.js';

const LINE_END = '\n'.charCodeAt(0);

/** What stands before what is appended. */
export interface AppendToFileOptions {
  /** At the beginning of a file that is empty. */
  readonly heading?: Uint8Array;
  /** If the file ends within a line, as a crash leaves it: begin with the end of that. */
  readonly mendsLine?: boolean;
}

/** Appends to a file, opened anew for every batch: if it was moved or removed it is begun again, with its folder. */
export function appendToFile(
  file: string,
  {heading = new Uint8Array(0), mendsLine = false}: AppendToFileOptions = {},
): Append {
  let isFirst = true;
  let rest: Uint8Array = new Uint8Array(0);
  return async (bytes) => {
    const handle = await openToAppend(file);
    try {
      const stats = await handle.stat();
      if (stats.size === 0 && (isFirst || stats.isFile())) rest = heading;
      else if (isFirst && mendsLine && (await endsWithinLine(handle, stats.size))) rest = Buffer.from('\n');
      isFirst = false;
      while (rest.length > 0) rest = rest.subarray((await handle.write(rest)).bytesWritten);
      return (await handle.write(bytes)).bytesWritten;
    } finally {
      await handle.close();
    }
  };
}

async function openToAppend(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'a+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(file), {recursive: true});
    return open(file, 'a+');
  }
}

async function endsWithinLine(handle: FileHandle, size: number): Promise<boolean> {
  const {buffer, bytesRead} = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 1 && buffer[0] !== LINE_END;
}
