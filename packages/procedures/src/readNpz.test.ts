import {zipSync} from 'fflate';
import {describe, expect, it} from 'vitest';
import {described, expected, fixture, numbersOf} from '../fixtures/files.js';
import {readNpz} from './index.js';

const npy = (header: string, data: number[]): Uint8Array => {
  const text = new TextEncoder().encode(header.padEnd(117));
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, 118, 0, ...text, 10, ...data]);
};
const zipped = (file: Uint8Array): Uint8Array => zipSync({'weight.npy': file});

describe('readNpz', () => {
  it.each(['network.npz', 'networkCompressed.npz'])('reads what NumPy writes: %s', (file) => {
    expect(described(readNpz(fixture(file)))).toEqual(numbersOf(expected.state));
  });

  it('reads every type of number, order of axes and shape', () => {
    const kinds = numbersOf(expected.kinds);
    delete kinds['bfloat16'];
    expect(described(readNpz(fixture('kinds.npz')))).toEqual(kinds);
  });

  it('takes an ArrayBuffer, and a view that does not begin at 0', () => {
    const bytes = fixture('network.npz');
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const wanted = Object.keys(expected.state);
    expect(Object.keys(readNpz(shifted.subarray(3)))).toEqual(wanted);
    expect(Object.keys(readNpz(shifted.buffer.slice(3)))).toEqual(wanted);
  });
});

describe('readNpz rejects', () => {
  it.each<[what: string, bytes: () => unknown, message: string | RegExp]>([
    [
      'a name',
      () => 'file.npz',
      "readNpz: bytes must be a Uint8Array or an ArrayBuffer, got the string 'file.npz'.",
    ],
    ['what is no zip', () => Uint8Array.of(1, 2, 3), 'readNpz: this is no .npz file: invalid zip data.'],
    [
      'numbers of the other byte order',
      () => fixture('bigEndian.npz'),
      "readNpz: array 'weight' cannot be read: Unsupported dtype: >f4.",
    ],
    [
      'strings',
      () => fixture('text.npz'),
      /^readNpz: array 'words' cannot be read: numbers of type U2 are none/,
    ],
    ['what is no array', () => zipped(Uint8Array.of(1, 2)), /^readNpz: array 'weight' cannot be read/],
    [
      'an array that is cut off',
      () => zipped(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", [0, 0, 0, 0])),
      "readNpz: array 'weight' cannot be read: shape [2] means 2 values, there are 1.",
    ],
    [
      'a shape beyond all memory, before it takes any',
      () => zipped(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (4000000000, 4000000000), }", [])),
      "readNpz: array 'weight' cannot be read: its shape is [4000000000, 4000000000].",
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => readNpz(bytes() as Uint8Array)).toThrow(message);
  });
});
