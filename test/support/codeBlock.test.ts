import {expect, it} from 'vitest';
import {codeBlocksIn} from './codeBlock.js';

const label = (line: number) => `line ${line}`;

it('finds TypeScript and JavaScript, and leaves out the rest', () => {
  const text =
    '# A\n```sh\nnpm i\n```\n\n- b\n\n  ```ts no-run\n  if (a)\n    b();\n  ```\n```js\nc();\n```\n';
  expect(codeBlocksIn(text, label)).toEqual([
    {label: 'line 8', language: 'ts', code: 'if (a)\n  b();', runs: false},
    {label: 'line 12', language: 'js', code: 'c();', runs: true},
  ]);
});

it('reports a fence that is never closed', () => {
  expect(() => codeBlocksIn('```ts\na();\n', label)).toThrow('line 1: the fence is never closed.');
});
