import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, relative, resolve} from 'node:path';
import * as tf from '@tensorflow/tfjs';
import ts from 'typescript';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import {codeBlocksIn} from './support/codeBlock.js';
import {createProgram} from './support/program.js';
import {publicExports} from './support/publicExports.js';
import {relativeLinksIn} from './support/relativeLinks.js';
import {runnable} from './support/runnable.js';
import {root} from './support/workspaces.js';

const documented = publicExports();

const documents = ts.sys
  .readDirectory(
    root,
    ['.md'],
    ['**/node_modules'],
    ['*.md', 'packages/*/*.md', 'docs/**/*.md', 'examples/**/*.md'],
  )
  .map((file) => ({file, path: relative(root, file), text: readFileSync(file, 'utf8')}));

const markdown = documents.flatMap(({path, text}) => codeBlocksIn(text, (line) => `${path}, line ${line}`));

mkdirSync(join(root, 'test/.generated'), {recursive: true});
const generated = mkdtempSync(join(root, 'test/.generated/docs-'));
const examples = [...documented.flatMap((entry) => entry.examples), ...markdown].map((block, i) => {
  const file = join(generated, `${i}-${block.label.replace(/[^\w.]+/g, '-')}.${block.language}`);
  writeFileSync(file, runnable(block));
  return {...block, file, isSuite: /^(?:describe|it|test)(?:[A-Z]\w*)?\(/m.test(block.code)};
});

afterAll(() => rmSync(generated, {recursive: true}));

describe('public exports', () => {
  it.each(documented)('$from $name has a doc comment', ({description}) => {
    expect(description).not.toBe('');
  });

  it.each(documented.filter(({isValue}) => isValue))('$from $name has an example', (entry) => {
    expect(entry.examples.map(({language}) => language)).toContain('ts');
  });
});

describe('relative links lead somewhere', () => {
  it.each(documents)('$path', ({file, text}) => {
    const broken = relativeLinksIn(text).filter((link) => !existsSync(resolve(dirname(file), link)));
    expect(broken).toEqual([]);
  });
});

describe('examples compile', () => {
  let program: ts.Program;
  beforeAll(() => {
    program = createProgram(examples.map(({file}) => file));
  });

  it.each(examples)('$label', ({file}) => {
    const source = program.getSourceFile(file);
    const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    expect(problems.map(describeProblem)).toEqual([]);
  });
});

describe('examples run', () => {
  const cwd = process.cwd();
  let folder: string;
  let backend: string;

  beforeAll(async () => {
    await tf.ready();
    backend = tf.getBackend();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gradwire-example-'));
    process.chdir(folder);
    for (const method of ['log', 'info', 'debug', 'warn', 'error', 'table'] as const) {
      vi.spyOn(console, method).mockImplementation(() => {});
    }
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation(() => true);
    }
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    vi.resetModules();
    tf.disposeVariables();
    if (tf.getBackend() !== backend) await tf.setBackend(backend);
    process.chdir(cwd);
    rmSync(folder, {recursive: true});
  });

  it.each(examples.filter(({runs, isSuite}) => runs && !isSuite))('$label', async ({file}) => {
    await expectToRun(file);
  });
});

describe.each(examples.filter(({runs, isSuite}) => runs && isSuite))(
  'the example of $label passes:',
  async ({file}) => {
    await expectToRun(file);
  },
);

async function expectToRun(file: string): Promise<void> {
  await import(/* @vite-ignore */ file);
}

function describeProblem({file, start = 0, messageText}: ts.Diagnostic): string {
  const line = file === undefined ? '' : `line ${file.getLineAndCharacterOfPosition(start).line + 1}: `;
  return line + ts.flattenDiagnosticMessageText(messageText, '\n');
}
