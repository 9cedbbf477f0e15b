import {describeValue} from './describeValue.js';

/** An array as an IDX file holds it. */
export interface IdxArray {
  /** Sizes of the dimensions, the outermost first. */
  readonly shape: readonly number[];
  /** The elements, the last dimension fastest; a view of the file's bytes. */
  readonly data: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;
const GZIP = [0x1f, 0x8b];

/**
 * Reads an IDX file of unsigned bytes. Nothing is allocated for what the header says: it is only compared with the length.
 *
 * @param name what stands before the colon in an error: the caller, or the file.
 */
export function parseIdx(name: string, bytes: Uint8Array): IdxArray {
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(`${name}: the file must be a Uint8Array, got ${describeValue(bytes)}.`);
  }
  const fail = (problem: string): never => {
    throw new Error(`${name}: ${problem}.`);
  };
  if (GZIP.every((byte, i) => bytes[i] === byte))
    fail('the bytes are compressed with gzip; decompress them first');
  const [zero, alsoZero, type, dimensions] = bytes;
  if (dimensions === undefined) return fail(`an IDX file begins with four bytes, there are ${bytes.length}`);
  if (zero !== 0 || alsoZero !== 0) fail('this is no IDX file: it must begin with two zero bytes');
  if (type !== UNSIGNED_BYTE) {
    fail(
      `its elements have the type code 0x${hex(type)}; only 0x${hex(UNSIGNED_BYTE)}, unsigned bytes, can be read`,
    );
  }
  if (dimensions === 0) fail('its array has no dimension; one or more are needed');
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) {
    fail(`a header with ${dimensions} dimensions has ${start} bytes, the file has ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({length: dimensions}, (_, i) => view.getUint32(4 + 4 * i));
  // Beyond 2⁵³ the product is rounded, or infinite, and still larger than any file.
  const elements = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  const present = bytes.length - start;
  if (elements !== present) {
    const what = present < elements ? 'it is cut off' : 'bytes are left over';
    fail(`an array of shape [${shape.join(', ')}] has ${elements} bytes, the file ${present}: ${what}`);
  }
  return {shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + start, elements)};
}

function hex(byte: number | undefined): string {
  return (byte ?? 0).toString(16).padStart(2, '0');
}
