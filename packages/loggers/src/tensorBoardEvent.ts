import {BinaryWriter, WireType} from '@bufbuild/protobuf/wire';

// Numbers of fields and enums: tensorflow/core/util/event.proto and tensorflow/core/framework/{summary,tensor}.proto.
const DOUBLE = 2;
const STRING = 7;
const TENSOR_DATA = 2;
const SESSION_START = 1;

/** Writes fields of a message. */
type Fields = (writer: BinaryWriter) => void;

/** A histogram: how many entries lie in each bin, and the `counts.length + 1` edges of these. */
export interface Bins {
  readonly counts: ArrayLike<number>;
  readonly edges: ArrayLike<number>;
}

/** The first event of every file. */
export function fileVersion(seconds: number): Uint8Array {
  return event(seconds, 0, (writer) => string(writer, 3, 'brain.Event:2'));
}

/** A training goes on at a step: whatever an earlier attempt has at it or later is void. */
export function sessionStart(seconds: number, step: number): Uint8Array {
  return event(seconds, step, (writer) =>
    message(writer, 7, (log) => log.tag(1, WireType.Varint).int32(SESSION_START)),
  );
}

/** Values of a step. */
export function summary(seconds: number, step: number, values: readonly Fields[]): Uint8Array {
  return event(seconds, step, (writer) =>
    message(writer, 5, (list) => {
      for (const value of values) message(list, 1, value);
    }),
  );
}

/** A number, as a float32: the form that every reader of event files has known from the beginning. */
export function scalar(tag: string, value: number): Fields {
  return (writer) => {
    string(writer, 1, tag);
    writer.tag(2, WireType.Bit32).float(Math.fround(value));
  };
}

/** A histogram as a tensor of rows `[left edge, right edge, count]`. */
export function histogram(tag: string, {counts, edges}: Bins): Fields {
  const rows = new Float64Array(3 * counts.length);
  for (let i = 0; i < counts.length; i++) rows.set([edges[i]!, edges[i + 1]!, counts[i]!], 3 * i);
  return tensorValue(tag, 'histograms', (tensor) => {
    tensor.tag(1, WireType.Varint).int32(DOUBLE);
    message(tensor, 2, (shape) => {
      for (const size of [counts.length, 3])
        message(shape, 2, (dimension) => dimension.tag(1, WireType.Varint).int64(size));
    });
    const content = Buffer.alloc(rows.byteLength);
    rows.forEach((value, i) => content.writeDoubleLE(value, 8 * i));
    tensor.tag(4, WireType.LengthDelimited).bytes(content);
  });
}

/** A text, in Markdown. */
export function text(tag: string, markdown: string): Fields {
  return tensorValue(tag, 'text', (tensor) => {
    tensor.tag(1, WireType.Varint).int32(STRING);
    message(tensor, 2, () => {});
    string(tensor, 8, markdown);
  });
}

function tensorValue(tag: string, plugin: string, tensor: Fields): Fields {
  return (writer) => {
    string(writer, 1, tag);
    message(writer, 8, tensor);
    message(writer, 9, (metadata) => {
      message(metadata, 1, (data) => string(data, 1, plugin));
      metadata.tag(4, WireType.Varint).int32(TENSOR_DATA);
    });
  };
}

function event(seconds: number, step: number, what: Fields): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Bit64).double(seconds);
  if (step !== 0) writer.tag(2, WireType.Varint).int64(step);
  what(writer);
  return writer.finish();
}

function message(writer: BinaryWriter, field: number, fields: Fields): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  fields(writer);
  writer.join();
}

function string(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}
