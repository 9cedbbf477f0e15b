import {expect, test} from 'vitest';
import {relativeLinksIn} from './relativeLinks.js';

test.each<[string, string, string[]]>([
  ['a link', 'See [a](docs/a.md).', ['docs/a.md']],
  ['several in a line', '[a](a.md), [b](../b) (c)', ['a.md', '../b']],
  ['a link around code', '[`a`](packages/a)', ['packages/a']],
  ['a link that is broken over lines', '[a\nb](a.md)', ['a.md']],
  ['an image in a link', '[![a](a.svg)](b.md)', ['a.svg', 'b.md']],
  ['a title', '[a](a.md "A")', ['a.md']],
  ['a definition', '[a]\n\n[a]: a.md\n', ['a.md']],
  ['an anchor in another file', '[a](a.md#b)', ['a.md']],
  ['an escaped space', '[a](a%20b.md)', ['a b.md']],
  ['an anchor of its own', '[a](#b)', []],
  ['other addresses', '[a](https://a.b/c) [b](http://b) [c](mailto:a@b.c) <https://d>', []],
  ['code', '`[a](a.md)`\n\n```ts\nf[a](b.md)\n```\n', []],
  ['what stands after code', '```ts\na\n```\n\n[a](a.md)\n\n```sh\nb\n```\n', ['a.md']],
])('finds the targets in %s', (_name, markdown, targets) => {
  expect(relativeLinksIn(markdown)).toEqual(targets);
});
