import {version_core} from '@tensorflow/tfjs-core';
import type {PassedOver, WhyNot} from './backendChoice.js';
import type {Candidate} from './candidate.js';
import {NotAvailable} from './notAvailable.js';

/** Why a candidate was not to be had: for programs, and on one line for people. */
export function whyNot(error: unknown, {packages = []}: Candidate): Omit<PassedOver, 'name'> {
  const message = error instanceof Error ? error.message : String(error);
  const missing = packages.find((name) => isNotFound(name, message));
  if (missing !== undefined) {
    return {
      code: 'notInstalled',
      reason: packages.length === 1 ? 'not installed' : `not installed: ${missing}`,
    };
  }
  const line = message.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  if (error instanceof NotAvailable) return {code: error.code, reason: line};
  const code = codeOf(error, line);
  return {code, reason: code === 'failed' ? line : `${headings[code]}: ${line}`};
}

/** What to do about it: install the packages, in the version that fits. */
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
    /native addon module .* can not be found|^Cannot find module '[^']*\.node'/.test(message);
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
