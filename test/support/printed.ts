import {inspect} from 'node:util';
import {expect, vi} from 'vitest';

const literal =
  /^(?:-?\d[\d_.]*(?:e[+-]?\d+)?n?|true|false|null|undefined|NaN|-?Infinity|'.*'|".*"|\[.*\]|\{.*\})$/s;

const number = /-?\d[\d.]*(?:e[+-]?\d+)?/g;

/**
 * Compares what was printed last with the comment behind the statement that printed it.
 *
 * A comment is taken at its word if it is made of literals, or of as many words as values were printed; anything else
 * is prose. Numbers need to agree in six digits.
 */
export function expectPrinted(comment: string): void {
  const values: readonly unknown[] = vi.mocked(console.log).mock.lastCall ?? [];
  const words = split(comment);
  if (words.length !== values.length && !words.every((word) => literal.test(word))) return;
  const printed = values.map((value) =>
    typeof value === 'string'
      ? value.replace(/^Tensor\s+/, '')
      : inspect(value, {depth: null, breakLength: Number.POSITIVE_INFINITY}),
  );
  expect(rounded(printed.join(' ')), 'the comment must show what is printed').toBe(rounded(comment));
}

/** A text without what is a matter of layout; its numbers with the digits that float32 has. */
function rounded(text: string): string {
  return text
    .replace(/[\s'"]/g, '')
    .replace(number, (digits) => String(Number(Number(digits).toPrecision(6))));
}

/** The words of a text; what stands in brackets is one word. */
function split(text: string): string[] {
  const words = [''];
  let depth = 0;
  for (const letter of text.trim()) {
    if ('[{'.includes(letter)) depth++;
    if (']}'.includes(letter)) depth--;
    if (depth === 0 && /\s/.test(letter)) words.push('');
    else words[words.length - 1] += letter;
  }
  return words.filter((word) => word !== '');
}
