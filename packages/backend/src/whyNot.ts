import {version_core} from '@tensorflow/tfjs-core';
import type {PassedOver, WhyNot} from './backendChoice.js';
import type {Candidate} from './candidate.js';
import {NotAvailable} from './notAvailable.js';

/** Why a candidate was not to be had: for programs, and on one line for people. */
export function whyNot(error: unknown, {packages = []}: Candidate): Omit<PassedOver, 'name'> {
  const message = messageOf(error);
  const missing = packages.find((name) => isNotFound(name, message));
  if (missing !== undefined) {
    return {
      code: 'notInstalled',
      reason: packages.length === 1 ? 'not installed' : `not installed: ${missing}`,
    };
  }
  const line = message.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  if (error instanceof NotAvailable) return {code: error.code, reason: line};
  if (isWasmFileMissing(line)) return {code: 'failed', reason: WASM_FILE_MISSING};
  const code = codeOf(error, line);
  if (isBindingMissing(line)) return {code, reason: `${headings.nativeLibraryMissing}: ${rebuild(packages)}`};
  return {code, reason: code === 'failed' ? line : `${headings[code]}: ${line}`};
}

/** What to do about what is not installed: install the packages, in the version that fits. */
export function adviceFor(candidates: readonly Candidate[]): string {
  const packages = candidates.flatMap((candidate) => candidate.packages ?? []);
  if (packages.length === 0) return '';
  const versioned = packages.map((name) =>
    name.startsWith('@tensorflow/') ? `${name}@${version_core}` : name,
  );
  return ` Try: npm install ${versioned.join(' ')}`;
}

const headings = {
  nativeLibraryMissing: 'native library missing',
  nodeTooNew: 'Node too new',
} satisfies Partial<Record<WhyNot, string>>;

const WASM_FILE_MISSING =
  'its .wasm file is not where it was looked for; say where with setWasmPaths() of @tensorflow/tfjs-backend-wasm';

/** The wasm backend rejects with an object that is no error. */
function messageOf(error: unknown): string {
  const {message = error} = Object(error) as {message?: unknown};
  return String(message);
}

/** As Emscripten says it, engines of a page that came in its place, and the wasm backend of either. */
function isWasmFileMissing(message: string): boolean {
  return /fetching of the wasm failed|ENOENT.*\.wasm|expected magic word|server can serve the `\.wasm` file/.test(
    message,
  );
}

/** As tfjs-node says it, with a path and advice to compile TensorFlow. */
function isBindingMissing(message: string): boolean {
  return /native addon module .* can not be found/.test(message);
}

function rebuild(packages: readonly string[]): string {
  return `its install script did not run, or could not download: npm rebuild ${packages.join(' ')}`;
}

/** The very package, not one that it needs: that would be a broken installation. The last as Vite says it. */
function isNotFound(name: string, message: string): boolean {
  return [
    `Cannot find package '${name}'`,
    `Cannot find module '${name}'`,
    `Could not resolve "${name}"`,
  ].some((start) => message.startsWith(start));
}

function codeOf(error: unknown, message: string): keyof typeof headings | 'failed' {
  if (isBuiltForOlderNode(message)) return 'nodeTooNew';
  // First as Node says it of a library, then as tfjs-node says it of its binding, last Node of a file it was to load.
  const isNative =
    (error instanceof Error && 'code' in error && error.code === 'ERR_DLOPEN_FAILED') ||
    isBindingMissing(message) ||
    /^Cannot find module '[^']*\.node'/.test(message);
  return isNative ? 'nativeLibraryMissing' : 'failed';
}

function isBuiltForOlderNode(message: string): boolean {
  // Node names the version that the library was built for, then its own.
  const [builtFor, own] = [...message.matchAll(/NODE_MODULE_VERSION (\d+)/g)].map(([, version]) =>
    Number(version),
  );
  if (builtFor !== undefined && own !== undefined) return builtFor < own;
  // What TypeScript makes of a call of a function that `node:util` has no more.
  return /\butil_1\.\w+\) is not a function/.test(message);
}
