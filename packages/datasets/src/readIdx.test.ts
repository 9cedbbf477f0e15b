import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {idx} from '../fixtures/idx.js';
import {readIdx} from './readIdx.js';

/** The file made of what was read from it, or the file itself if it is refused as it should be. */
function writtenAgain(file: Uint8Array): Uint8Array {
  try {
    const {shape, data} = readIdx(file);
    return idx(shape, data);
  } catch (error) {
    if (/^readIdx: .+\.$/.test((error as Error).message)) return file;
    throw error;
  }
}

describe('readIdx', () => {
  it('reads shape and elements', () => {
    const {shape, data} = readIdx(idx([2, 3], [1, 2, 3, 4, 5, 255]));
    expect([shape, [...data]]).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 255],
    ]);
  });

  it('gives back every array that was written', () => {
    const arrays = fc.array(fc.integer({min: 0, max: 6}), {minLength: 1, maxLength: 4}).chain((shape) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return fc.record({
        shape: fc.constant(shape),
        data: fc.uint8Array({minLength: length, maxLength: length}),
      });
    });
    fc.assert(
      fc.property(arrays, ({shape, data}) => {
        expect(readIdx(idx(shape, data))).toEqual({shape, data});
      }),
    );
  });

  it('reads a file that is a part of larger memory', () => {
    const memory = Uint8Array.from([9, 9, 9, ...idx([2], [3, 4]), 9]);
    expect([...readIdx(memory.subarray(3, -1)).data]).toEqual([3, 4]);
  });

  it('takes no memory for the elements', () => {
    const file = idx([1000], new Uint8Array(1000));
    expect(readIdx(file).data.buffer).toBe(file.buffer);
  });

  it('reads any bytes as the array that they are, or says that they are none', () => {
    const header = fc.tuple(fc.constant([0, 0, 8]), fc.integer({min: 0, max: 255}));
    const bytes = fc.oneof(
      fc.uint8Array({maxLength: 64}),
      fc
        .tuple(header, fc.uint8Array({maxLength: 64}))
        .map(([[magic, dimensions], rest]) => Uint8Array.from([...magic, dimensions, ...rest])),
    );
    fc.assert(
      fc.property(bytes, (file) => {
        expect(writtenAgain(file)).toEqual(file);
      }),
      {numRuns: 2000},
    );
  });

  const MAX = 0xffffffff;
  it.each<[string, Uint8Array, string]>([
    ['nothing', Uint8Array.of(), 'an IDX file begins with four bytes, there are 0'],
    ['three bytes', Uint8Array.of(0, 0, 8), 'an IDX file begins with four bytes, there are 3'],
    ['another format', Uint8Array.of(1, 0, 8, 1), 'this is no IDX file: it must begin with two zero bytes'],
    [
      'compressed bytes',
      Uint8Array.of(0x1f, 0x8b, 8, 0),
      'the bytes are compressed with gzip; decompress them first',
    ],
    [
      'float32',
      Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0),
      'its elements have the type code 0x0d; only 0x08, unsigned bytes, can be read',
    ],
    ['no dimension', Uint8Array.of(0, 0, 8, 0, 1), 'its array has no dimension; one or more are needed'],
    [
      'half a header',
      idx([2, 2], []).subarray(0, 10),
      'a header with 2 dimensions has 12 bytes, the file has 10',
    ],
    [
      'a file cut off',
      idx([2, 2], [1, 2, 3]),
      'an array of shape [2, 2] has 4 bytes, the file 3: it is cut off',
    ],
    [
      'a byte too much',
      idx([2], [1, 2, 3]),
      'an array of shape [2] has 2 bytes, the file 3: bytes are left over',
    ],
    [
      'bytes in an empty array',
      idx([0, MAX], [1]),
      `an array of shape [0, ${MAX}] has 0 bytes, the file 1: bytes are left over`,
    ],
    [
      'sizes whose product wraps around to the length in 32 bits',
      idx([0x10001, 0x10001], new Uint8Array(0x20001)),
      'an array of shape [65537, 65537] has 4295098369 bytes, the file 131073: it is cut off',
    ],
  ])('refuses %s', (_what, file, problem) => {
    expect(() => readIdx(file)).toThrow(new Error(`readIdx: ${problem}.`));
  });

  it('refuses sizes whose product is infinite', () => {
    expect(() =>
      readIdx(
        idx(
          Array.from({length: 255}, () => MAX),
          [],
        ),
      ),
    ).toThrow('it is cut off');
  });

  it('refuses what is no bytes', () => {
    expect(() => readIdx(new ArrayBuffer(8) as unknown as Uint8Array)).toThrow(
      new TypeError('readIdx: the file must be a Uint8Array, got an object.'),
    );
  });
});
