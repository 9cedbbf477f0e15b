import {describe, expect, it} from 'vitest';
import fc from 'fast-check';
import {described, expected, fixture, numbersOf} from '../fixtures/files.js';
import {readSafetensors} from './index.js';

function file(header: unknown, data: readonly number[] = [], length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}
const entry = (shape: readonly unknown[], offsets: readonly unknown[], dtype: unknown = 'U8') => ({
  dtype,
  shape,
  data_offsets: offsets,
});

describe('readSafetensors', () => {
  it("reads a PyTorch model's weights, and leaves out the metadata", () => {
    expect(described(readSafetensors(fixture('network.safetensors')))).toEqual(numbersOf(expected.state));
  });

  it('reads every type of number', () => {
    const names = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'];
    names.push('float16', 'float32', 'float64', 'bool', 'bfloat16', 'empty', 'scalar');
    expect(described(readSafetensors(fixture('kinds.safetensors')))).toEqual(
      numbersOf(expected.kinds, names),
    );
  });

  it('takes arrays in any order', () => {
    const arrays = readSafetensors(file({late: entry([2], [1, 3]), early: entry([1], [0, 1])}, [7, 8, 9]));
    expect(described(arrays)).toEqual({late: {shape: [2], data: [8, 9]}, early: {shape: [1], data: [7]}});
  });

  it('takes a view that does not begin at 0', () => {
    const bytes = file({a: entry([1], [0, 4], 'F32')}, [0, 0, 192, 63]);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...readSafetensors(shifted.subarray(3))['a']!.data]).toEqual([1.5]);
  });
});

describe('readSafetensors rejects', () => {
  const no = 'readSafetensors: this is no .safetensors file: ';
  it.each<[what: string, bytes: unknown, message: string]>([
    ['a name', 'x', "readSafetensors: bytes must be a Uint8Array or an ArrayBuffer, got the string 'x'."],
    ['what is too short', new Uint8Array(7), `${no}a header of unknown bytes does not fit into a file of 7.`],
    [
      'a header longer than the file',
      file('{}', [], 2n ** 63n),
      `${no}a header of 9223372036854775808 bytes does not fit into a file of 10.`,
    ],
    ['a header that is no JSON', file('{"a":'), `${no}its header is no JSON.`],
    ['a header that is a list', file('[]'), `${no}its header is no JSON object.`],
    ['a header that is no text', file('{}').fill(255, 8), `${no}its header is no JSON.`],
    ['an entry that is nothing', file({a: null}), `${no}array 'a' has numbers of type undefined.`],
    [
      'unknown numbers',
      file({a: entry([1], [0, 1], 'F8_E4M3')}, [1]),
      `${no}array 'a' has numbers of type the string 'F8_E4M3'.`,
    ],
    [
      'names of methods',
      file({a: entry([1], [0, 1], 'toString')}, [1]),
      `${no}array 'a' has numbers of type the string 'toString'.`,
    ],
    ['no shape', file({a: {dtype: 'U8', data_offsets: [0, 1]}}, [1]), `${no}array 'a' has no shape.`],
    ['negative lengths', file({a: entry([-1], [0, 1])}, [1]), `${no}array 'a' has no shape.`],
    ['fractions', file({a: entry([1], [0.5, 1.5])}, [1, 2]), `${no}array 'a' has no data_offsets.`],
    ['one offset', file({a: entry([1], [0])}, [1]), `${no}array 'a' has no data_offsets.`],
    [
      'too few bytes',
      file({a: entry([2], [0, 1])}, [1]),
      `${no}array 'a' of shape [2] needs 2 bytes and has 1.`,
    ],
    [
      'sizes that overflow',
      file({a: entry([2 ** 40, 2 ** 40], [0, 1])}, [1]),
      `${no}array 'a' of shape [1099511627776, 1099511627776] needs 1.2089258196146292e+24 bytes and has 1.`,
    ],
    [
      'arrays that overlap',
      file({a: entry([2], [0, 2]), b: entry([2], [1, 3])}, [1, 2, 3]),
      `${no}array 'b' begins at 1, the one before it ends at 2.`,
    ],
    [
      'gaps',
      file({a: entry([1], [1, 2])}, [1, 2]),
      `${no}array 'a' begins at 1, the one before it ends at 0.`,
    ],
    [
      'arrays past the end',
      file({a: entry([2], [0, 2])}, [1]),
      `${no}its arrays have 2 bytes, the file has room for 1.`,
    ],
    [
      'bytes that belong to nothing',
      file({a: entry([1], [0, 1])}, [1, 2]),
      `${no}its arrays have 1 bytes, the file has room for 2.`,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes as Uint8Array)).toThrow(message);
  });

  it('every cut of a file, and survives every damage of its header with an error of its own', () => {
    const whole = fixture('network.safetensors');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(() => readSafetensors(whole.subarray(0, length))).toThrow('readSafetensors: ');
      }),
    );
    fc.assert(
      fc.property(fc.nat(700), fc.integer({min: 0, max: 255}), (at, byte) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = byte;
        let message = 'readSafetensors: ';
        try {
          readSafetensors(damaged);
        } catch (error) {
          ({message} = error as Error);
        }
        expect(message).toContain('readSafetensors: ');
      }),
    );
  });
});
