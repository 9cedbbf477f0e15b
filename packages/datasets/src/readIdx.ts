import {type IdxArray, parseIdx} from './parseIdx.js';

/**
 * Reads an array of unsigned bytes from an IDX file, the format of MNIST's images and labels.
 *
 * The file must be exactly as long as its header says. The header is not trusted: no memory is allocated for what it
 * says.
 *
 * @param bytes the whole file, decompressed. The result is a view of it.
 * @throws TypeError if `bytes` are no `Uint8Array`.
 * @throws Error that says what is wrong with the file: not IDX, elements other than unsigned bytes, cut off, or too long.
 * @example
 * ```ts
 * import {readIdx} from '@gradwire/datasets';
 *
 * const file = Uint8Array.of(0, 0, 0x08, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 20, 30);
 * const {shape, data} = readIdx(file);
 * console.log([...shape], [...data]); // [1, 3] [10, 20, 30]
 * ```
 * @see LeCun, Cortes, Burges, "The MNIST database of handwritten digits", http://yann.lecun.com/exdb/mnist/.
 */
export function readIdx(bytes: Uint8Array): IdxArray {
  return parseIdx('readIdx', bytes);
}
