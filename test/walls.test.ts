import {execFile} from 'node:child_process';
import {cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {root} from './support/workspaces.js';

const plugins = ['noise', 'clipping', 'normalization', 'capture'];
const browserRooms = [
  'core',
  ...plugins,
  'init',
  'layers',
  'optimizers',
  'trainer',
  'procedures',
  'remedies',
  'datasets',
];
const nodeRooms = ['loggers', 'report', 'wasm', 'backend', 'experiments', 'testing'];
const rooms = [...browserRooms, ...nodeRooms];

/** A package that the room's package.json does not declare; it declares all others but capture in remedies. */
const unheardOf = (room: string) => (room === 'testing' ? 'noise' : 'testing');

/** A house of its own in which every file breaks the rules that stand beside it, and no other. */
const violations: readonly [file: string, source: string, rules: readonly string[]][] = [
  // Each room against its row in the table.
  ['packages/core/src/a.ts', "import '@gradwire/trainer';", ['room-core']],
  ['packages/noise/src/a.ts', "import '@gradwire/clipping';", ['room-noise']],
  ['packages/clipping/src/a.ts', "import '@gradwire/noise';", ['room-clipping']],
  ['packages/normalization/src/a.ts', "import type {} from '@gradwire/capture';", ['room-normalization']],
  ['packages/capture/src/a.ts', "import '@gradwire/trainer';", ['room-capture']],
  ['packages/init/src/a.ts', "import '@gradwire/noise';", ['room-init']],
  ['packages/layers/src/a.ts', "import '@gradwire/optimizers';", ['room-layers']],
  ['packages/optimizers/src/a.ts', "import '@tensorflow/tfjs-layers';", ['room-optimizers']],
  ['packages/trainer/src/a.ts', "import '@gradwire/remedies';", ['room-trainer']],
  ['packages/procedures/src/a.ts', "import '@gradwire/remedies';", ['room-procedures']],
  ['packages/remedies/src/a.ts', "import '@gradwire/loggers';", ['room-remedies']],
  ['packages/loggers/src/a.ts', "import '@gradwire/capture';", ['room-loggers']],
  ['packages/report/src/a.ts', "import '@gradwire/capture';", ['room-report']],
  ['packages/wasm/src/a.ts', "import '@gradwire/core';", ['room-wasm']],
  ['packages/backend/src/a.ts', "import '@gradwire/core';", ['room-backend']],
  ['packages/datasets/src/a.ts', "import '@gradwire/core';", ['room-datasets']],
  ['packages/testing/src/a.ts', "import '@gradwire/trainer';", ['room-testing']],

  // Libraries that a row leaves out.
  ['packages/core/src/library.ts', "import 'cli-table3';", ['room-core']],
  ['packages/core/src/streams.ts', "import type {Observable} from 'rxjs';", ['room-core', 'rxjs']],
  ['packages/noise/src/streams.ts', "export * from 'rxjs/operators';", ['room-noise', 'rxjs']],
  ['packages/backend/src/streams.ts', "await import('rxjs');", ['rxjs']],
  ['packages/core/src/container.ts', "import 'inversify';", ['inversify', 'room-core']],
  ['packages/capture/src/container.ts', "import 'inversify';", ['inversify', 'room-capture']],
  ['packages/loggers/src/container.ts', "import 'inversify';", ['inversify']],
  ['packages/experiments/src/metadata.ts', "import 'reflect-metadata';", ['inversify']],

  // Loggers and report see the trainer's types only.
  ['packages/loggers/src/value.ts', "import {ofType} from '@gradwire/trainer';", ['types-only-loggers']],
  ['packages/report/src/value.ts', "export {ofType} from '@gradwire/trainer';", ['types-only-report']],

  // Rooms that run in browsers, with and without the prefix.
  ...browserRooms.flatMap((room): [string, string, string[]][] => [
    [`packages/${room}/src/node.ts`, "import {readFile} from 'node:fs/promises';", ['browser']],
    [`packages/${room}/src/bare.ts`, "import type {Buffer} from 'buffer';", ['browser']],
  ]),

  // The door for Node.
  ['packages/noise/src/through.ts', "import './node/door.js';", ['node-door']],

  // Ways around the front door, also from tests and examples.
  ['packages/clipping/src/path.ts', "import '../../core/src/index.js';", ['front-door']],
  ['packages/clipping/src/inner.ts', "import '../../core/src/inner.js';", ['front-door', 'room-clipping']],
  ['packages/clipping/src/inner.test.ts', "import '../../core/src/inner.js';", ['front-door']],
  ['packages/clipping/src/deep.ts', "import '@gradwire/core/src/inner.js';", ['resolvable', 'room-clipping']],
  ['examples/one/path.ts', "import '../../packages/core/src/index.js';", ['front-door']],
  ['packages/clipping/src/nowhere.ts', "import './nothing.js';", ['resolvable']],

  // What package.json does not say.
  ['packages/loggers/src/undeclared.ts', "import 'left-pad';", ['declared', 'room-loggers']],
  ['examples/one/undeclared.ts', "import 'left-pad';", ['declared']],
  ['packages/remedies/src/undeclared.ts', "import '@gradwire/capture';", ['declared-remedies']],
  ...rooms.map((room): [string, string, string[]] => [
    `packages/${room}/src/unheard.ts`,
    `import '@gradwire/${unheardOf(room)}';`,
    [`declared-${room}`, `room-${room}`],
  ]),
  ['packages/experiments/src/dev.ts', "import 'fast-check';", ['no-dev-dependency', 'room-experiments']],

  // Test code and build output.
  ['packages/noise/src/test.ts', "import './a.test.js';", ['no-test-code']],
  ['packages/noise/src/fixture.ts', "import '../fixtures/numbers.js';", ['no-test-code']],
  ['packages/noise/src/output.ts', "import '../dist/built.js';", ['no-test-code']],

  ['packages/noise/src/round.ts', "import './about.js';", ['acyclic']],
  ['packages/noise/src/about.ts', "import type {} from './round.js';", ['acyclic']],
];

/** What the house allows: any rule that fires here is too strict. */
const allowed: readonly [file: string, source: string][] = [
  ['packages/core/src/good.ts', "import '@tensorflow/tfjs-core'; import 'picomatch'; import './inner.js';"],
  ['packages/noise/src/good.ts', "import '@tensorflow/tfjs-core'; import '@gradwire/core';"],
  ['packages/noise/src/a.test.ts', "import 'vitest'; import 'node:fs'; import '@gradwire/testing';"],
  ['packages/trainer/src/good.ts', "import 'rxjs'; import 'inversify'; import '@tensorflow/tfjs-layers';"],
  ['packages/remedies/src/good.ts', "import '@gradwire/noise'; import '@gradwire/trainer';"],
  [
    'packages/loggers/src/good.ts',
    "import type {} from '@gradwire/trainer'; import 'rxjs'; import 'node:fs';",
  ],
  ['packages/backend/src/good.ts', "await import('@tensorflow/tfjs-node'); import '@gradwire/wasm';"],
  ['packages/experiments/src/good.ts', "import 'rxjs'; import '@gradwire/trainer'; import 'cli-table3';"],
  ['packages/testing/src/good.ts', "import 'vitest'; import '@gradwire/core';"],
  ['examples/one/good.ts', "import 'rxjs'; import '@gradwire/core'; import 'node:fs';"],
  ['packages/core/src/inner.ts', ''],
  ['packages/noise/src/node/door.ts', "import 'node:fs';"],
  ['packages/noise/fixtures/numbers.ts', ''],
  ['packages/noise/dist/built.js', ''],
];

interface Ruleset {
  readonly forbidden: readonly {readonly name: string}[];
}
interface Violation {
  readonly from: string;
  readonly rule: {readonly name: string};
  readonly cycle?: readonly {readonly name: string}[];
}

const installed = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  'cli-table3',
  'inversify',
  'picomatch',
  'reflect-metadata',
  'rxjs',
  'vitest',
];
const libraries = [...installed, '@tensorflow/tfjs-node'];
let house: string;
let rules: readonly string[];
let fired: Map<string, string[]>;

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'gradwire-walls-'));
  await build();
  rules = (createRequire(import.meta.url)(join(house, '.dependency-cruiser.cjs')) as Ruleset).forbidden.map(
    ({name}) => name,
  );
  const found = new Map<string, Set<string>>();
  for (const {from, rule, cycle = []} of await cruise()) {
    for (const file of [from, ...cycle.map(({name}) => name)]) {
      found.set(file, (found.get(file) ?? new Set()).add(rule.name));
    }
  }
  fired = new Map([...found].map(([file, names]) => [file, [...names].sort()]));
});
afterAll(() => rm(house, {recursive: true}));

describe('the walls', () => {
  it.each(violations)('stop %s: %s', (file, _source, expected) => {
    expect(fired.get(file)).toEqual(expected);
  });

  it.each(allowed)('let pass %s: %s', (file) => {
    expect(fired.get(file) ?? []).toEqual([]);
  });

  it('have no rule that never fires', () => {
    const seen = new Set([...fired.values()].flat());
    expect(rules.filter((rule) => !seen.has(rule))).toEqual([]);
  });

  it('refuse a package without a row in the table', async () => {
    await write('packages/stranger/package.json', '{}');
    try {
      await expect(cruise()).rejects.toThrow('no row in the table for stranger');
    } finally {
      await rm(join(house, 'packages/stranger'), {recursive: true});
    }
  });
});

/** Runs what `npm run walls` runs. */
async function cruise(): Promise<readonly Violation[]> {
  const {scripts} = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: {walls: string};
  };
  const [command, ...args] = scripts.walls.split(' ') as [string, ...string[]];
  const bin = join(root, 'node_modules/.bin', command);
  const options = {cwd: house, maxBuffer: 2 ** 26};
  const {stdout} = await promisify(execFile)(bin, [...args, '--output-type', 'json'], options);
  return (JSON.parse(stdout) as {summary: {violations: Violation[]}}).summary.violations;
}

async function build(): Promise<void> {
  await cp(join(root, '.dependency-cruiser.cjs'), join(house, '.dependency-cruiser.cjs'));
  await write('package.json', JSON.stringify({workspaces: ['packages/*', 'examples/*'], type: 'module'}));
  for (const library of [...installed, 'fast-check', 'left-pad']) {
    await write(`node_modules/${library}/package.json`, JSON.stringify({name: library, main: 'index.js'}));
    await write(`node_modules/${library}/index.js`, '');
  }
  await write('node_modules/rxjs/operators/index.js', '');

  for (const room of rooms) {
    const undeclared = [room, unheardOf(room), ...(room === 'remedies' ? ['capture'] : [])];
    const ours = rooms.filter((other) => !undeclared.includes(other)).map((other) => `@gradwire/${other}`);
    await write(`packages/${room}/package.json`, manifest(`@gradwire/${room}`, [...ours, ...libraries]));
    await write(`packages/${room}/src/index.ts`, 'export {};');
    await mkdir(join(house, 'node_modules/@gradwire'), {recursive: true});
    await symlink(`../../packages/${room}`, join(house, 'node_modules/@gradwire', room));
  }
  await write('examples/one/package.json', manifest('one', ['@gradwire/core', ...libraries]));
  for (const [file, source] of [...violations, ...allowed]) await write(file, source);
}

function manifest(name: string, dependencies: readonly string[]): string {
  return JSON.stringify({
    name,
    type: 'module',
    exports: {'.': {'gradwire:source': './src/index.ts', default: './dist/index.js'}},
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '*'])),
    devDependencies: {'fast-check': '*'},
  });
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(house, file)), {recursive: true});
  await writeFile(join(house, file), text);
}
