import {execFile} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {beforeAll, describe, expect, it} from 'vitest';
import {readJson, root, workspaces} from './support/workspaces.js';

interface Packed {
  readonly name: string;
  readonly files: readonly {readonly path: string}[];
}
interface Lock {
  readonly packages: Readonly<Record<string, {readonly optional?: boolean}>>;
}
interface References {
  readonly references?: readonly {readonly path: string}[];
}

const isTfjs = (name: string) => name.startsWith('@tensorflow/');
const isOurs = (name: string) => name.startsWith('@gradwire/');
const native = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];

let packed: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts', '--workspaces', '--offline'];
  const {stdout} = await promisify(execFile)('npm', args, {cwd: root, maxBuffer: 2 ** 26});
  packed = new Map(
    (JSON.parse(stdout) as Packed[]).map(({name, files}) => [name, files.map(({path}) => path)]),
  );
});

describe.each(workspaces)('the package $room', ({room, folder, manifest}) => {
  const {
    dependencies = {},
    devDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = manifest;

  it('is an ES module with sources, types and build output', () => {
    expect(manifest).toMatchObject({name: `@gradwire/${room}`, type: 'module'});
    expect(Object.entries(manifest.exports?.['.'] ?? {})).toEqual([
      ['gradwire:source', './src/index.ts'],
      ['types', './dist/index.d.ts'],
      ['default', './dist/index.js'],
    ]);
  });

  it('says what it is, under which licence, for which Node', () => {
    expect(manifest.description).toMatch(/^[A-Z].{20,}\.$/);
    expect(manifest.license).toBe('Apache-2.0');
    expect(manifest.engines).toEqual(readJson<typeof manifest>(join(root, 'package.json')).engines);
  });

  it('says which of its modules have side effects', () => {
    expect(manifest).toHaveProperty('sideEffects');
  });

  it('has a README, and the licence of the repository', () => {
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  it('has the version of all others, also where they depend on it', () => {
    const versions = workspaces.map((other) => other.manifest.version);
    expect(new Set(versions)).toEqual(new Set([manifest.version]));
    const ours = Object.entries({...dependencies, ...devDependencies, ...peerDependencies}).filter(([name]) =>
      isOurs(name),
    );
    expect(ours).toEqual(ours.map(([name]) => [name, manifest.version]));
  });

  it('takes tfjs from the user: as a peer only', () => {
    expect(Object.keys({...dependencies, ...devDependencies}).filter(isTfjs)).toEqual([]);
  });

  it('asks nobody to install a native tfjs', () => {
    const natives = native.filter((name) => name in peerDependencies);
    expect(natives.filter((name) => peerDependenciesMeta[name]?.optional !== true)).toEqual([]);
  });

  it('builds after the packages it depends on', () => {
    const {references = []} = readJson<References>(join(folder, 'tsconfig.json'));
    expect(references.map(({path}) => `@gradwire/${path.split('/').at(-1)}`).sort()).toEqual(
      Object.keys({...dependencies, ...peerDependencies})
        .filter(isOurs)
        .sort(),
    );
    expect(readJson<References>(join(root, 'tsconfig.json')).references).toContainEqual({
      path: `packages/${room}`,
    });
  });

  it('ships sources and build output, but no tests and fixtures', () => {
    const files = packed.get(manifest.name) ?? [];
    const needed = ['LICENSE', 'package.json', 'src/index.ts', 'dist/index.js', 'dist/index.d.ts'];
    expect(needed.filter((file) => !files.includes(file))).toEqual([]);
    expect(files.filter((file) => /[.]test(-d)?[.]|fixtures|tsbuildinfo/.test(file))).toEqual([]);
  });

  it('ships the programs it names', () => {
    const programs = Object.values(manifest.bin ?? {}).map((path) => path.replace('./', ''));
    expect(programs.filter((file) => !packed.get(manifest.name)?.includes(file))).toEqual([]);
  });

  it('has its programs before anything is built: npm links no others', () => {
    expect(Object.values(manifest.bin ?? {}).filter((path) => path.includes('dist/'))).toEqual([]);
  });
});

it('no native tfjs is installed with the repository', () => {
  const {packages} = readJson<Lock>(join(root, 'package-lock.json'));
  expect(native.filter((name) => `node_modules/${name}` in packages)).toEqual([]);
});

it('every package is in the lock file', () => {
  const {packages} = readJson<Lock>(join(root, 'package-lock.json'));
  expect(workspaces.map(({room}) => `packages/${room}`).filter((path) => !(path in packages))).toEqual([]);
});
