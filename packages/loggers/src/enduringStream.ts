import type {ProgressStream} from './progressStream.js';

/**
 * A stream whose failed writes end no process.
 *
 * Streams of Node tell a failure later, by an `error` event that ends the process where nobody listens, but call back
 * before. Nothing stays attached to one that works.
 */
export function enduringStream(stream: ProgressStream): ProgressStream {
  const emitter = stream as Partial<NodeJS.WriteStream>;
  const settle = (error?: Error | null) => {
    if (error != null && emitter.listenerCount?.('error') === 0) emitter.once?.('error', () => {});
  };
  const write = stream.write.bind(stream) as (
    text: string,
    settle: (error?: Error | null) => void,
  ) => unknown;
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return emitter.rows ?? 24;
    },
    write: (text: string) => write(text, settle),
  } as ProgressStream;
}
