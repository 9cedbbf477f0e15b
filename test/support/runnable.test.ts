import {expect, it} from 'vitest';
import {runnable} from './runnable.js';

const body = (code: string) =>
  runnable({label: '', language: 'ts', code, runs: true}).split('\nimport {expectPrinted}')[0];

it('puts a check between what prints and its comment', () => {
  expect(body('console.log(1); // 1')).toBe('console.log(1); expectPrinted("1"); // 1');
  expect(body('(await x).print(); // [1, 2]')).toBe('(await x).print(); expectPrinted("[1, 2]"); // [1, 2]');
});

it('leaves all else alone', () => {
  const code = 'f(1); // 1\nconsole.log(2);\n// 3\nconst s = "console.log(4); // 4";';
  expect(body(code)).toBe(code);
});
