import crc32c from 'crc-32/crc32c.js';

/**
 * Data as a record of TensorFlow: length, its masked CRC32C, data, their masked CRC32C; all numbers little-endian.
 *
 * @see `tensorflow/core/lib/io/record_writer.h`.
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(12 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(masked(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(masked(data), 12 + data.length);
  return record;
}

/** Rotated and shifted, so that a checksum of data that hold checksums stays a good one. */
function masked(data: Uint8Array): number {
  const crc = crc32c.buf(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
