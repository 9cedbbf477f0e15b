import {createHash} from 'node:crypto';
import {readdir, rm, writeFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {readJson, root, workspaces} from '../support/workspaces.js';
import {cachedFolder} from './cacheFolder.js';
import {execute} from './execute.js';
import {packAll} from './packages.js';

/** What is installed for the suites of one backend. */
export interface Installation {
  readonly name: string;
  /** npm packages beside ours, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** What is to be done to its `node_modules` besides. */
  complete?(modules: string): Promise<void>;
}

const {devDependencies = {}} = readJson<{devDependencies?: Record<string, string>}>(
  join(root, 'package.json'),
);

/** What the suites themselves import, in the versions of the workspace. */
const forSuites = Object.fromEntries(
  ['@tensorflow/tfjs', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', 'vitest'].map((name) => [
    name,
    devDependencies[name],
  ]),
);

/**
 * A folder outside of the workspace whose `node_modules` has all that our packages need, and further packages.
 *
 * npm installs it once, our tarballs included, so that it has to agree with what our packages ask of their peers; again
 * when one of the versions or manifests changes. Our packages are then taken out: every run brings its own.
 */
export function installBeside({name, packages, complete}: Installation): Promise<string> {
  const wanted = {...forSuites, ...packages};
  const asked = workspaces.map(({manifest}) => [
    manifest.name,
    manifest.dependencies,
    manifest.peerDependencies,
  ]);
  const key = JSON.stringify([wanted, asked, process.version]);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return cachedFolder(name, hash, async (folder) => {
    console.log(`Installing ${Object.keys(packages).join(', ')} and our packages, once, in ${folder} …`);
    const tarballs = await packAll(join(folder, 'tarballs'));
    const ours = tarballs.map((file) => `./tarballs/${basename(file)}`);
    await writeFile(join(folder, 'package.json'), JSON.stringify({private: true, dependencies: wanted}));
    await execute(
      'npm',
      [
        'install',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
        '--prefer-offline',
        ...ours,
      ],
      {cwd: folder},
    );
    const modules = join(folder, 'node_modules');
    await requireOneEngine(modules);
    await complete?.(modules);
    await rm(join(modules, '@gradwire'), {recursive: true});
    await rm(join(folder, 'tarballs'), {recursive: true});
  });
}

/** Two copies of tfjs-core have an engine each, and every test would fail in a way of its own. */
async function requireOneEngine(modules: string): Promise<void> {
  const files = await readdir(modules, {recursive: true});
  const copies = files.filter((file) => file.endsWith(join('tfjs-core', 'package.json')));
  if (copies.length !== 1)
    throw new Error(`There are ${copies.length} copies of tfjs-core: ${copies.join(', ')}.`);
}
