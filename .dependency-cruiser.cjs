const {existsSync, readdirSync, readFileSync} = require('node:fs');
const {join} = require('node:path');

const tfjs = ['@tensorflow/tfjs-core'];
const tfjsLayers = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'];
const plugins = ['noise', 'clipping', 'normalization', 'capture'];

/**
 * What the sources of a package may import. Tests and fixtures are free.
 *
 * - `rooms`: other packages, by their name only; `typesOf`: packages of which only types.
 * - `npm`: libraries; where absent, whatever the package's own package.json declares.
 * - `browser`: runs in browsers too, so nothing of Node's.
 */
const table = {
  core: {rooms: [], npm: [...tfjs, 'picomatch', 'fastest-levenshtein'], browser: true},
  noise: {rooms: ['core'], npm: tfjs, browser: true},
  clipping: {rooms: ['core'], npm: tfjs, browser: true},
  normalization: {rooms: ['core'], npm: tfjs, browser: true},
  capture: {rooms: ['core'], npm: tfjs, browser: true},
  init: {rooms: ['core'], npm: tfjsLayers, browser: true},
  layers: {rooms: ['core'], npm: tfjsLayers, browser: true},
  optimizers: {rooms: ['core'], npm: tfjs, browser: true},
  trainer: {rooms: ['core'], npm: [...tfjsLayers, 'rxjs', 'inversify', 'reflect-metadata'], browser: true},
  procedures: {rooms: ['core', 'trainer'], npm: [...tfjsLayers, 'rxjs', 'fflate', 'npyjs'], browser: true},
  remedies: {
    rooms: ['core', 'trainer', 'init', 'layers', 'optimizers', ...plugins],
    npm: [...tfjsLayers, 'rxjs'],
    browser: true,
  },
  loggers: {rooms: ['core', 'trainer'], typesOf: ['trainer']},
  report: {rooms: ['trainer'], typesOf: ['trainer']},
  wasm: {rooms: [], npm: [...tfjs, '@tensorflow/tfjs-backend-wasm'], browser: true},
  backend: {rooms: ['wasm']},
  datasets: {rooms: [], npm: [...tfjs, 'env-paths'], browser: true},
  testing: {rooms: ['core'], npm: [...tfjsLayers, 'vitest']},
};
table.experiments = {rooms: Object.keys(table).filter((room) => room !== 'testing')};
const streams = ['trainer', 'procedures', 'remedies', 'loggers', 'report', 'experiments'];

const testCode = '[.]test(-d)?[.]ts$';

/** The dependencies of each package there is, by room. */
const declared = Object.fromEntries(
  readdirSync(join(__dirname, 'packages'))
    .filter((room) => existsSync(join(__dirname, 'packages', room, 'package.json')))
    .map((room) => {
      const file = join(__dirname, 'packages', room, 'package.json');
      const {dependencies, peerDependencies} = JSON.parse(readFileSync(file, 'utf8'));
      return [room, Object.keys({...dependencies, ...peerDependencies})];
    }),
);
const homeless = Object.keys(declared).filter((room) => !(room in table));
if (homeless.length > 0)
  throw new Error(`.dependency-cruiser.cjs: no row in the table for ${homeless.join(', ')}.`);

const any = (names) => `(${names.map((name) => name.replace(/[.]/g, '[.]')).join('|')})`;
const sourcesOf = (rooms) => ({path: `^packages/${any(rooms)}/src/`, pathNot: testCode});
const sources = sourcesOf(Object.keys(table));
const frontDoorOf = (rooms) => rooms.map((room) => `^packages/${room}/src/(node/)?index[.]ts$`);
const library = (names) => `(^|node_modules/)${any(names)}(/|$)`;

const rooms = Object.keys(declared).flatMap((room) => {
  const {
    rooms: others,
    npm = declared[room].filter((name) => !name.startsWith('@gradwire/')),
    typesOf = [],
  } = table[room];
  const known = [room, ...declared[room].map((name) => name.replace('@gradwire/', ''))];
  const rules = [
    {
      name: `room-${room}`,
      comment: `${room} may import ${[...others, ...npm].join(', ') || 'nothing'}; see the table.`,
      severity: 'error',
      from: sourcesOf([room]),
      to: {
        pathNot: [
          `^packages/${room}/`,
          '^[.]',
          ...frontDoorOf(others),
          ...(npm.length > 0 ? [library(npm)] : []),
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: `declared-${room}`,
      comment: `The package.json of ${room} does not declare this package of ours.`,
      severity: 'error',
      from: sourcesOf([room]),
      to: {path: '^packages/', pathNot: `^packages/${any(known)}/`},
    },
  ];
  if (typesOf.length > 0) {
    rules.push({
      name: `types-only-${room}`,
      comment: `Of ${typesOf.join(', ')}, ${room} may import types only.`,
      severity: 'error',
      from: sourcesOf([room]),
      to: {path: `^packages/${any(typesOf)}/`, dependencyTypesNot: ['type-only']},
    });
  }
  return rules;
});

const browserRooms = Object.keys(table).filter((room) => table[room].browser);

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'browser',
      comment: 'This package runs in browsers too: nothing of Node here, but behind its own door `/node`.',
      severity: 'error',
      from: {...sourcesOf(browserRooms), pathNot: [testCode, '^packages/[^/]+/src/node/']},
      to: {dependencyTypes: ['core']},
    },
    {
      name: 'node-door',
      comment: "What runs in browsers does not go through a package's door for Node.",
      severity: 'error',
      from: {...sourcesOf(browserRooms), pathNot: [testCode, '^packages/[^/]+/src/node/']},
      to: {path: '^packages/[^/]+/src/node/'},
    },
    {
      name: 'inversify',
      comment: 'Only trainer knows the container.',
      severity: 'error',
      from: sourcesOf(Object.keys(table).filter((room) => room !== 'trainer')),
      to: {path: library(['inversify', 'reflect-metadata'])},
    },
    {
      name: 'rxjs',
      comment: `Streams are for ${streams.join(', ')} and the examples.`,
      severity: 'error',
      from: sourcesOf(Object.keys(table).filter((room) => !streams.includes(room))),
      to: {path: library(['rxjs'])},
    },
    {
      name: 'front-door',
      comment:
        'Import a package by its name, not by a path into it; AssemblyScript, compiled into one module, cannot.',
      severity: 'error',
      from: {path: '^((?:packages|examples)/[^/]+)/'},
      to: {
        path: '^(packages|examples|test|docs)/',
        pathNot: ['^$1/', '^packages/[^/]+/assembly/'],
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'resolvable',
      comment: 'Nothing is found there; of a package, only what its `exports` name can be imported.',
      severity: 'error',
      from: {},
      to: {couldNotResolve: true, pathNot: '^@tensorflow/tfjs-(node(-gpu)?|backend-webgpu)$'},
    },
    {
      name: 'declared',
      comment: "The library is not among the dependencies of this package's own package.json.",
      severity: 'error',
      from: {path: [sources.path, '^examples/'], pathNot: testCode},
      to: {dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer']},
    },
    {
      name: 'no-dev-dependency',
      comment: 'Who installs the package does not get its devDependencies.',
      severity: 'error',
      from: sources,
      to: {dependencyTypes: ['npm-dev']},
    },
    {
      name: 'no-test-code',
      comment: 'Sources import neither tests nor fixtures nor build output.',
      severity: 'error',
      from: sources,
      to: {path: [`^(packages|examples)/.*${testCode}`, '^(packages|examples)/[^/]+/(fixtures|dist)/']},
    },
    {
      name: 'acyclic',
      comment: 'No circular dependencies, of types neither.',
      severity: 'error',
      from: {},
      to: {circular: true},
    },
  ],
  options: {
    doNotFollow: {path: '(^|/)(node_modules|dist)/'},
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['gradwire:source', 'import', 'node', 'default'],
    },
  },
};
