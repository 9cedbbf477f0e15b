import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {type Append, BoundedWriter} from './boundedWriter.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A sink that does as it is told, and takes `atOnce` bytes at most. */
function sink(atOnce = Number.POSITIVE_INFINITY) {
  let text = '';
  const self = {
    failure: undefined as Error | undefined,
    attempts: 0,
    append: (async (bytes) => {
      self.attempts++;
      if (self.failure !== undefined) throw self.failure;
      const taken = bytes.subarray(0, atOnce);
      text += Buffer.from(taken).toString();
      return taken.length;
    }) satisfies Append,
    get text() {
      return text;
    },
  };
  return self;
}

function writerTo(append: Append, maxBytes = 1_000) {
  const onTrouble = vi.fn<() => void>();
  const writer = new BoundedWriter(append, maxBytes, onTrouble);
  const push = (text: string, isImportant = false) => writer.push(Buffer.from(text), isImportant);
  return {writer, push, onTrouble};
}

const noSpace = new Error('ENOSPC: no space left on device, write');

describe('records', () => {
  it('are written in order, together, after a moment', async () => {
    const to = sink();
    const {push} = writerTo(to.append);
    for (const text of ['a', 'b', 'c']) push(text);
    expect(to.attempts).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    expect(to).toMatchObject({text: 'abc', attempts: 1});
  });

  it('are written whole by a sink that takes them in part', async () => {
    const to = sink(3);
    const {writer, push} = writerTo(to.append);
    push('first,');
    push('second,');
    await writer.flushed();
    expect(to.text).toBe('first,second,');
  });

  it('that come while others are written follow them', async () => {
    const to = sink();
    const {writer, push} = writerTo(to.append);
    push('a');
    const first = writer.flushed();
    push('b');
    await first;
    await vi.advanceTimersByTimeAsync(100);
    expect(to.text).toBe('ab');
  });

  it('are all there when flushed() resolves', async () => {
    const to = sink(1);
    const {writer, push} = writerTo(to.append);
    push('ab');
    void writer.flushed();
    push('cd');
    await writer.flushed();
    expect(to.text).toBe('abcd');
  });
});

describe('a sink that blocks', () => {
  const never: Append = () => new Promise(() => {});

  it('has records dropped beyond the bound, and the loss told', () => {
    const {writer, push, onTrouble} = writerTo(never, 160);
    for (let i = 0; i < 20; i++) push('x'.repeat(10));
    expect(writer.dropped).toBe(5);
    expect(onTrouble).toHaveBeenCalledTimes(5);
  });

  it('keeps the last room for what is important', () => {
    const {writer, push} = writerTo(never, 160);
    for (let i = 0; i < 16; i++) push('x'.repeat(10));
    expect(writer.dropped).toBe(1);
    push('x'.repeat(10), true);
    expect(writer.dropped).toBe(1);
    push('x'.repeat(10), true);
    expect(writer.dropped).toBe(2);
  });

  it('drops no record that is larger than the bound while nothing waits', () => {
    const {writer, push} = writerTo(never, 10);
    push('x'.repeat(100));
    expect(writer.dropped).toBe(0);
    push('x');
    expect(writer.dropped).toBe(1);
  });
});

describe('a sink that fails', () => {
  it('is tried again, later and later, and loses nothing', async () => {
    const to = sink();
    const {writer, push, onTrouble} = writerTo(to.append);
    to.failure = noSpace;
    push('a');
    await vi.advanceTimersByTimeAsync(100);
    expect(writer.failure).toBe(noSpace);
    push('b');
    await vi.advanceTimersByTimeAsync(249);
    expect(to.attempts).toBe(1);
    await vi.advanceTimersByTimeAsync(1 + 499);
    expect(to.attempts).toBe(2);
    to.failure = undefined;
    await vi.advanceTimersByTimeAsync(1);
    expect(to.text).toBe('ab');
    expect(writer.failure).toBeUndefined();
    expect(onTrouble).toHaveBeenCalledTimes(2);
  });

  it('is tried at least every 30 s', async () => {
    const to = sink();
    const {push} = writerTo(to.append);
    to.failure = noSpace;
    push('a');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(to.attempts).toBeGreaterThan(115);
  });

  it('within a record goes on with the rest of it', async () => {
    const to = sink(4);
    let attempts = 0;
    const append: Append = async (bytes) => {
      if (++attempts === 2) throw noSpace;
      return to.append(bytes);
    };
    const {writer, push} = writerTo(append);
    push('a whole line\n');
    await writer.flushed();
    expect(to.text).toBe('a wh');
    push('another\n');
    await writer.flushed();
    expect(to.text).toBe('a whole line\nanother\n');
  });

  it('is tried once by flushed(), which resolves', async () => {
    const to = sink();
    const {writer, push} = writerTo(to.append);
    to.failure = noSpace;
    push('a');
    await expect(writer.flushed()).resolves.toBeUndefined();
    expect(to.attempts).toBe(1);
  });

  it('drops beyond the bound, not what waits', async () => {
    const to = sink();
    const {writer, push} = writerTo(to.append, 16);
    to.failure = noSpace;
    for (const letter of 'abcdefghijklmnopqrstuvwxyz') push(letter);
    await writer.flushed();
    to.failure = undefined;
    await writer.flushed();
    expect(to.text).toBe('abcdefghijklmno');
    expect(writer.dropped).toBe(11);
  });

  it('may say that it took nothing, or throw what is no error', async () => {
    const {writer, push} = writerTo(async () => 0);
    push('a');
    await writer.flushed();
    expect(writer.failure).toEqual(new Error('nothing was written'));
    const other = writerTo(() => Promise.reject('EIO'));
    other.push('a');
    await other.writer.flushed();
    expect(other.writer.failure).toEqual(new Error('EIO'));
  });
});
