import {version_core} from '@tensorflow/tfjs-core';
import {expect, it} from 'vitest';
import {NotAvailable} from './notAvailable.js';
import {adviceFor, whyNot} from './whyNot.js';

const candidate = {name: 'a', backend: 'a', packages: ['@tensorflow/a']};
const two = {name: 'w', backend: 'w', packages: ['w', '@tensorflow/w']};

it.each([
  "Cannot find package '@tensorflow/a' imported from /app/node_modules/@gradwire/backend/x.js",
  "Cannot find module '@tensorflow/a'",
  'Could not resolve "@tensorflow/a" imported by "@gradwire/backend". Is it installed?',
])('knows what is not installed: %s', (message) => {
  expect(whyNot(new Error(message), candidate)).toEqual({code: 'notInstalled', reason: 'not installed'});
});

it('says which of two is not installed', () => {
  expect(whyNot(new Error("Cannot find package '@tensorflow/w' imported from x"), two)).toEqual({
    code: 'notInstalled',
    reason: 'not installed: @tensorflow/w',
  });
});

it.each([
  [
    new Error(
      'The Node.js native addon module (tfjs_binding.node) can not be found at path: /x.node. \nPlease run.',
    ),
    'its install script did not run, or could not download: npm rebuild @tensorflow/a',
  ],
  [
    Object.assign(new Error('libtensorflow.so.2: cannot open shared object file'), {
      code: 'ERR_DLOPEN_FAILED',
    }),
    'libtensorflow.so.2: cannot open shared object file',
  ],
  [
    new Error("Cannot find module '/app/node_modules/webgpu/dist/linux-ppc64/dawn.node'\nRequire stack:"),
    "Cannot find module '/app/node_modules/webgpu/dist/linux-ppc64/dawn.node' Require stack:",
  ],
])('knows a native library that is missing: %s', (error, message) => {
  expect(whyNot(error, candidate)).toEqual({
    code: 'nativeLibraryMissing',
    reason: `native library missing: ${message}`,
  });
});

it.each([
  'compiled against NODE_MODULE_VERSION 72. This version of Node.js requires NODE_MODULE_VERSION 115',
  '(0 , util_1.isNullOrUndefined) is not a function',
])('knows what was built for an older Node: %s', (message) => {
  const error = Object.assign(new Error(message), {code: 'ERR_DLOPEN_FAILED'});
  expect(whyNot(error, candidate)).toEqual({code: 'nodeTooNew', reason: `Node too new: ${message}`});
});

it('does not call Node too new where it is too old', () => {
  const message = 'compiled against NODE_MODULE_VERSION 137. This version requires NODE_MODULE_VERSION 115';
  expect(whyNot(new Error(message), candidate).code).toBe('failed');
});

it('leaves what knows itself as it is', () => {
  const error = new NotAvailable('noAdapter', 'no adapter');
  expect(whyNot(error, candidate)).toEqual({code: 'noAdapter', reason: 'no adapter'});
});

it.each([
  [
    "Cannot find module '@mapbox/node-pre-gyp'\nRequire stack:",
    "Cannot find module '@mapbox/node-pre-gyp' Require stack:",
  ],
  [
    "Cannot find package '/app/node_modules/@tensorflow/a/dist/index.js'",
    "Cannot find package '/app/node_modules/@tensorflow/a/dist/index.js'",
  ],
])('tells a broken installation from none: %j', (message, reason) => {
  expect(whyNot(new Error(message), candidate)).toEqual({code: 'failed', reason});
});

it.each<[string, unknown]>([
  [
    'Emscripten',
    new Error('Aborted(both async and sync fetching of the wasm failed). Build with -sASSERTIONS'),
  ],
  [
    'Emscripten in Node',
    new Error("Aborted(Error: ENOENT: no such file, open '/app/tfjs-backend-wasm.wasm')"),
  ],
  ['an engine', new Error('WebAssembly.Module(): expected magic word 00 61 73 6d, found 3c 21 64 6f @+0')],
  [
    'the backend',
    {message: 'Make sure the server can serve the `.wasm` file relative to the bundled js file.'},
  ],
])('knows a .wasm file that is not served, by what is said by %s', (_, error) => {
  expect(whyNot(error, candidate)).toEqual({
    code: 'failed',
    reason:
      'its .wasm file is not where it was looked for; say where with setWasmPaths() of @tensorflow/tfjs-backend-wasm',
  });
});

it('takes what is no error, too', () => {
  expect(whyNot('out of memory', candidate)).toEqual({code: 'failed', reason: 'out of memory'});
});

it('advises all packages, those of TensorFlow.js in the version that fits', () => {
  expect(adviceFor([two, {name: 'own', backend: 'own'}])).toBe(
    ` Try: npm install w @tensorflow/w@${version_core}`,
  );
  expect(adviceFor([{name: 'own', backend: 'own'}])).toBe('');
});
