import {createRequire} from 'node:module';
import {pathToFileURL} from 'node:url';
import {beforeAll, describe, expect, it} from 'vitest';
import {root} from './support/workspaces.js';

const rooms = ['core', 'noise', 'clipping', 'normalization', 'capture', 'trainer', 'datasets', 'remedies'];
const app = [
  `import '@tensorflow/tfjs';`,
  ...rooms.map((room) => `export * as ${room} from '@gradwire/${room}';`),
];
const ENTRY = '\0entry';

/** As far as the tests need it. */
interface ModuleInfo {
  readonly id: string;
  readonly importers: readonly string[];
  readonly dynamicImporters: readonly string[];
}
interface Graph {
  getModuleIds(): Iterable<string>;
  getModuleInfo(id: string): ModuleInfo | null;
}
interface Vite {
  readonly defaultClientConditions: readonly string[];
  build(config: object): Promise<unknown>;
}

/** Vite's own name for what a browser does not have: modules of Node, and what a package keeps out of browsers. */
const isOfNode = ({id}: ModuleInfo) => id.includes('__vite-browser-external');
/** tfjs keeps its Node platform and its seeds out of browsers by itself, with the field `browser`. */
const isOfTfjs = (id: string) => /[/]node_modules[/](@tensorflow|seedrandom)[/]/.test(id);

/** Every module that a web page with this code consists of. */
async function bundle(code: string): Promise<ModuleInfo[]> {
  // Vite comes with vitest, in the version that vitest wants.
  const viteOfVitest = createRequire(import.meta.resolve('vitest')).resolve('vite');
  const vite = (await import(pathToFileURL(viteOfVitest).href)) as Vite;
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
        buildEnd(this: Graph) {
          for (const id of this.getModuleIds()) modules.push(this.getModuleInfo(id)!);
        },
      },
    ],
  });
  return modules;
}

/** Who imports from Node, tfjs aside. */
function importersOfNode(modules: readonly ModuleInfo[]): string[] {
  const importers = modules.filter(isOfNode).flatMap((node) => [...node.importers, ...node.dynamicImporters]);
  return importers.filter((id) => !isOfTfjs(id));
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
