import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {crc32cBitwise} from '../fixtures/crc32cBitwise.js';
import {readTfRecords} from '../fixtures/readTfRecords.js';
import {tfRecord} from './tfRecord.js';

describe('the slow twin', () => {
  it.each<[string, Uint8Array, number]>([
    ['"123456789"', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros (RFC 3720, B.4)', new Uint8Array(32), 0x8a9136aa],
    ['32 times 255 (RFC 3720, B.4)', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['nothing', new Uint8Array(0), 0],
  ])('has the published checksum of %s', (_what, data, crc) => {
    expect(crc32cBitwise(data)).toBe(crc);
  });

  it('rejects a record with one wrong bit', () => {
    const record = tfRecord(Buffer.from('brain.Event:2'));
    for (let bit = 0; bit < 8 * record.length; bit++) {
      const broken = Uint8Array.from(record);
      broken[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => readTfRecords(broken)).toThrow('readTfRecords');
    }
  });
});

describe('a record', () => {
  it('is what TensorFlow writes', () => {
    // tf.io.TFRecordWriter of TensorFlow 2.21, b'gradwire' and b''.
    const written = '0800000000000000ff86240f67726164776972655b5db3c0000000000000000029039807d8ea82a2';
    const records = [tfRecord(Buffer.from('gradwire')), tfRecord(new Uint8Array(0))];
    expect(Buffer.concat(records).toString('hex')).toBe(written);
  });

  it('is read back by the slow twin', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({maxLength: 300})), (contents) => {
        const file = Buffer.concat(contents.map(tfRecord));
        expect(readTfRecords(file)).toEqual(contents.map((data) => Buffer.from(data)));
      }),
    );
  });
});
