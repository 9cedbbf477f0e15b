import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {builtInRules} from './builtInRules.js';
import {remedyOffers} from './remedyOffers.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const offers = Object.values(remedyOffers).flat();

/** As GitHub makes them of headings. */
function anchorsIn(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\d\s-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('remedyOffers', () => {
  it('has something for each built-in rule, and nothing else', () => {
    expect(Object.keys(remedyOffers).toSorted()).toEqual(
      builtInRules()
        .map(({id}) => id)
        .toSorted(),
    );
  });

  it.each(offers)('$package exports $name', ({name, package: from}) => {
    const index = readFileSync(
      join(root, 'packages', from.replace('@gradwire/', ''), 'src/index.ts'),
      'utf8',
    );
    expect(index).toMatch(new RegExp(`\\b${name}\\b[^']*\\} from`));
  });

  it.each(offers)('$doc is there, for $name', ({doc, name}) => {
    const [path = '', anchor] = doc.split('#');
    expect(existsSync(join(root, path))).toBe(true);
    const text = readFileSync(join(root, path), 'utf8');
    const isExplained = anchor === undefined ? text.includes(name) : anchorsIn(text).includes(anchor);
    expect(isExplained).toBe(true);
  });
});
