import {beforeAll, describe, expect, it} from 'vitest';
import {collectInto, importersOfNode, loadVite, type ModuleInfo} from './support/webBundle.js';
import {root} from './support/workspaces.js';

const rooms = [
  'core',
  'noise',
  'clipping',
  'normalization',
  'capture',
  'init',
  'layers',
  'optimizers',
  'trainer',
  'procedures',
  'datasets',
  'remedies',
  'wasm',
  'backend',
];
const app = [
  `import '@tensorflow/tfjs';`,
  ...rooms.map((room) => `export * as ${room} from '@gradwire/${room}';`),
];
const ENTRY = '\0entry';

/** Every module that a web page with this code consists of. */
async function bundle(code: string): Promise<ModuleInfo[]> {
  const vite = await loadVite();
  const modules: ModuleInfo[] = [];
  await vite.build({
    root,
    configFile: false,
    logLevel: 'silent',
    resolve: {conditions: ['gradwire:source', ...vite.defaultClientConditions]},
    oxc: {decorator: {legacy: true, emitDecoratorMetadata: true}},
    build: {write: false, minify: false, reportCompressedSize: false, rollupOptions: {input: ENTRY}},
    plugins: [
      {
        name: 'entry',
        resolveId: (id: string) => (id === ENTRY ? id : undefined),
        load: (id: string) => (id === ENTRY ? code : undefined),
      },
      collectInto(modules),
    ],
  });
  return modules;
}

describe('a web page with everything that runs in browsers', () => {
  let modules: readonly ModuleInfo[];

  beforeAll(async () => {
    modules = await bundle(app.join('\n'));
  });

  it.each(rooms)('has %s, as sources', (room) => {
    expect(modules.map(({id}) => id)).toContain(`${root}packages/${room}/src/index.ts`);
  });

  it('takes nothing from Node', () => {
    expect(importersOfNode(modules)).toEqual([]);
  });

  it('has one copy of tfjs-core, and not its build for Node', () => {
    const core = modules.flatMap(({id}) => /^(.*[/]tfjs-core[/])(.*)$/.exec(id)?.slice(1, 3) ?? []);
    const homes = core.filter((_, i) => i % 2 === 0);
    const files = core.filter((_, i) => i % 2 === 1);
    expect(new Set(homes)).toEqual(new Set([`${root}node_modules/@tensorflow/tfjs-core/`]));
    expect(files).toContain('dist/index.js');
    expect(files.filter((file) => /dist[/]tf-core/.test(file))).toEqual([]);
  });
});

it.each([
  "export * as x from 'node:fs';",
  "export * as x from 'worker_threads';",
  "export const x = () => import('node:fs');",
])('%s would be found', async (code) => {
  expect(importersOfNode(await bundle(code))).toEqual([ENTRY]);
});
