import {open} from 'node:fs/promises';
import {extname} from 'node:path';
import {appendToFile} from './appendToFile.js';
import type {Append} from './boundedWriter.js';

/** Which file of a logger has which header. */
export type CsvFiles = Map<string, string>;

/**
 * Appends rows below a header: to `file` if that is empty or has this header, otherwise to the first of `file-2`, `file-3`, …
 * that is or has.
 *
 * @param files of the logger, so that two headers never take the same empty file.
 * @param onOther told the path if it is another one.
 */
export function csvFile(
  file: string,
  header: string,
  files: CsvFiles,
  onOther: (path: string) => void,
): Append {
  let append: Append | undefined;
  return async (bytes) => {
    if (append === undefined) {
      const path = await pathFor(file, header, files);
      append = appendToFile(path, {heading: Buffer.from(header), mendsLine: true});
      if (path !== file) onOther(path);
    }
    return append(bytes);
  };
}

async function pathFor(file: string, header: string, files: CsvFiles): Promise<string> {
  const extension = extname(file);
  const stem = file.slice(0, file.length - extension.length);
  for (let number = 1; ; number++) {
    const path = number === 1 ? file : `${stem}-${number}${extension}`;
    const beginning = await beginningOf(path, Buffer.byteLength(header));
    // Meanwhile, or before it was written, another header may have taken it.
    const there = files.get(path) ?? beginning;
    if (there !== '' && there !== header) continue;
    files.set(path, header);
    return path;
  }
}

/** The first bytes of a file, which may be missing. */
async function beginningOf(path: string, length: number): Promise<string> {
  try {
    const handle = await open(path);
    try {
      const {buffer, bytesRead} = await handle.read(Buffer.alloc(length), 0, length, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
