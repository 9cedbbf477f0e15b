const LINE_END = '\n'.charCodeAt(0);

/** The lines of a stream of bytes, what follows the last line end included; those longer than `limit` bytes are left out. */
export async function* linesOf(chunks: AsyncIterable<Buffer>, limit: number): AsyncGenerator<string> {
  let pieces: Buffer[] = [];
  let length = 0;
  const take = (): string => {
    const line = Buffer.concat(pieces).toString();
    pieces = [];
    length = 0;
    return line;
  };
  const add = (piece: Buffer) => {
    length += piece.length;
    if (length <= limit) pieces.push(piece);
    else pieces = [];
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      add(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    add(chunk.subarray(from));
  }
  yield take();
}
