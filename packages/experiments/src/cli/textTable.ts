import Table from 'cli-table3';

/** All that is printed fits a terminal of so many columns. */
export const WIDTH = 80;
const GAP = 2;
const NARROWEST = 12;

const FRAME =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle';

/** Aligned columns without a frame. Where they are too wide together, the first one's words are put on several lines. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  {right = []}: {readonly right?: readonly number[]} = {},
): string {
  const widths = head.map((title, i) =>
    Math.max(...[title, ...rows.map((row) => row[i] ?? '')].map(widthOf)),
  );
  const spare = WIDTH - widths.reduce((sum, width) => sum + width + GAP, -GAP);
  const first = Math.max(NARROWEST, widths[0]! + Math.min(0, spare));
  const table = new Table({
    head: [...head],
    colAligns: head.map((_, i) => (right.includes(i) ? 'right' : 'left')),
    chars: Object.fromEntries(
      FRAME.split(' ').map((part) => [part, part === 'middle' ? ' '.repeat(GAP) : '']),
    ),
    style: {head: [], border: [], 'padding-left': 0, 'padding-right': 0},
  });
  table.push(...rows.map(([title = '', ...row]) => [wordsIn(title, first), ...row]));
  return table.toString().replace(/ +$/gm, '');
}

/** Breaks a text into lines of 80 columns. */
export function wrapped(text: string): string {
  return wordsIn(text, WIDTH);
}

/** Breaks between words where it can, within a word where it must. */
function wordsIn(text: string, width: number): string {
  if (text.length <= width) return text;
  const lines = text.match(new RegExp(`\\S.{0,${width - 1}}(?=\\s|$)|\\S{1,${width}}`, 'g')) ?? [];
  return lines.join('\n');
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => [...line].length));
}
