import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {collectInto, importersOfNode, loadVite, type ModuleInfo} from '../support/webBundle.js';
import {root, workspaces} from '../support/workspaces.js';

/** Where the bundles lie: `core.js`, `noise.js`, … */
export const bundles = join(root, 'test/.generated/browser');

/** What the bundles leave outside: every page has one copy of tfjs only. Other optional peers are not installed here. */
export const tfjs = ['', '-core', '-layers', '-backend-cpu', '-backend-wasm', '-backend-webgl'].map(
  (part) => `@tensorflow/tfjs${part}`,
);

/** What works for Node only. */
const nodeRooms = ['loggers', 'experiments', 'report'];

/**
 * Bundles the published entry points of all packages that run in browsers, as an application's bundler would.
 *
 * @throws Error if any of them takes a module from Node.
 */
export async function buildBundles(): Promise<void> {
  const vite = await loadVite();
  const modules: ModuleInfo[] = [];
  const entries = workspaces
    .filter(({room}) => !nodeRooms.includes(room))
    .map(({room, folder, manifest}) => [room, join(folder, manifest.exports!['.']!['default']!)]);
  await rm(bundles, {recursive: true, force: true});
  await vite.build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: bundles,
      minify: false,
      lib: {entry: Object.fromEntries(entries), formats: ['es']},
      rollupOptions: {external: [...tfjs, 'vitest']},
    },
    plugins: [collectInto(modules)],
  });
  const importers = importersOfNode(modules);
  if (importers.length > 0) throw new Error(`These modules import from Node: ${importers.join(', ')}.`);
}
