import {describeValue} from '@gradwire/core';

/** Checks that progress can be written to a stream. */
export function requireStream(where: string, stream: unknown): void {
  if (typeof (stream as {write?: unknown} | null)?.write === 'function') return;
  throw new TypeError(`${where}: stream must have a write method, got ${describeValue(stream)}.`);
}
