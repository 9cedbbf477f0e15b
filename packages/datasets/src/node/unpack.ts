import {promisify} from 'node:util';
import {gunzip} from 'node:zlib';

const gunzipAsync = promisify(gunzip);

/**
 * Decompresses a file, if it is compressed: browsers save `.gz` files decompressed under the same name.
 *
 * @param name what stands before the colon in an error.
 * @param limit largest size after decompression, in bytes.
 */
export async function unpack(name: string, content: Buffer, limit: number): Promise<Buffer> {
  if (content[0] !== 0x1f || content[1] !== 0x8b) return content;
  try {
    return await gunzipAsync(content, {maxOutputLength: limit});
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const problem = isTooLarge ? `has more than ${limit} bytes` : `is damaged (${(error as Error).message})`;
    throw new Error(`${name}: what is compressed in this file ${problem}.`, {cause: error});
  }
}
