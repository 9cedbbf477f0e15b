import {describeValue} from '@gradwire/core';

/** The bytes of a file, as a view of what was given. */
export function requireBytes(where: string, bytes: unknown): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  if (bytes instanceof ArrayBuffer) return new Uint8Array(bytes);
  throw new TypeError(`${where}: bytes must be a Uint8Array or an ArrayBuffer, got ${describeValue(bytes)}.`);
}
