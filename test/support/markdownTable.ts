/** A table in markdown, its columns aligned; nothing where it has no rows. */
export function markdownTable(head: readonly string[], body: readonly (readonly string[])[]): string {
  if (body.length === 0) return '';
  const widths = head.map((title, i) =>
    Math.max(3, ...[title, ...body.map((row) => row[i]!)].map(({length}) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
