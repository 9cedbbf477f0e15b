import {open} from 'node:fs/promises';
import {MirrorError} from './MirrorError.js';

/** What watches a download, and may stop it. */
export interface Watch {
  readonly signal: AbortSignal | undefined;
  /** Told how many bytes of the file there are. */
  readonly onReceived: (received: number) => void;
}

/**
 * Fetches what a file lacks, and writes it into memory and into the part; from the start where the server sends all.
 *
 * @param content memory for the whole file.
 * @param offset how many bytes there are, in memory and in the part; less than the file.
 * @throws MirrorError if the address does not give what it should.
 */
export async function fetchRest(
  url: string,
  part: string,
  content: Buffer,
  offset: number,
  {signal, onReceived}: Watch,
): Promise<void> {
  const bytes = content.length;
  const response = await request(url, offset, signal);
  let received: number;
  try {
    received = startOf(response, offset, bytes);
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
  const handle = await open(part, received > 0 ? 'r+' : 'w');
  try {
    onReceived(received);
    for await (const chunk of chunksOf(response, signal)) {
      const end = received + chunk.length;
      if (end > bytes) throw new MirrorError(`sent more than ${bytes} bytes`, {spoilt: true});
      content.set(chunk, received);
      for (let at = received; at < end;) at += (await handle.write(content, at, end - at, at)).bytesWritten;
      received = end;
      onReceived(received);
    }
  } finally {
    await handle.close();
  }
  if (received < bytes) throw new MirrorError(`ended after ${received} of ${bytes} bytes`);
}

async function request(url: string, offset: number, signal: AbortSignal | undefined): Promise<Response> {
  // Ranges and the checksum are of the file as it is published, not of what a server may make of it.
  const headers = {'accept-encoding': 'identity', ...(offset > 0 ? {range: `bytes=${offset}-`} : {})};
  try {
    return await fetch(url, {headers, signal: signal ?? null});
  } catch (error) {
    signal?.throwIfAborted();
    throw new MirrorError(reasonOf(error), {cause: error});
  }
}

/** At which byte of the file the response starts. */
function startOf({status, headers}: Response, offset: number, bytes: number): number {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') throw new MirrorError(`sent the file in the content encoding ${encoding}`);
  if (status === 200) return 0;
  if (status !== 206 && status !== 416) throw new MirrorError(`answered with the HTTP status ${status}`);
  const range = headers.get('content-range');
  if (status === 206 && offset > 0 && range === `bytes ${offset}-${bytes - 1}/${bytes}`) return offset;
  throw new MirrorError(`has no bytes ${offset}-${bytes - 1}/${bytes} (HTTP status ${status}, ${range})`, {
    spoilt: true,
  });
}

async function* chunksOf({body}: Response, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  try {
    yield* body;
  } catch (error) {
    signal?.throwIfAborted();
    throw new MirrorError(`broke off: ${reasonOf(error)}`, {cause: error});
  }
}

/** What `fetch` says at length in the cause of its error, and only there. */
function reasonOf(error: unknown): string {
  const {cause = error} = error as Error;
  const {code, message} = cause as NodeJS.ErrnoException;
  return [code, message].filter((text) => text !== undefined && text !== '').join(': ');
}
