import * as tf from '@tensorflow/tfjs-core';
import {restoreIsNullOrUndefined} from './restoreIsNullOrUndefined.js';

/** A backend that may be there. */
export interface Candidate {
  /** Name for people and for the preference. */
  readonly name: string;
  /** Name in TensorFlow.js. */
  readonly backend: string;
  /** The package that brings it; none for one that has been registered by the application. */
  readonly package?: string;
  /** Imports the package, which registers the backend. */
  load?(): Promise<unknown>;
}

/** Passes the error on. Bundlers do not fail on a missing package where a handler stands at its `import()`. */
const mayBeMissing = (error: unknown): never => {
  throw error;
};

const wasm: Candidate = {
  name: 'wasm',
  backend: 'wasm',
  package: '@tensorflow/tfjs-backend-wasm',
  load: () => import('@tensorflow/tfjs-backend-wasm').catch(mayBeMissing),
};

const cpu: Candidate = {
  name: 'cpu',
  backend: 'cpu',
  package: '@tensorflow/tfjs-backend-cpu',
  load: () => import('@tensorflow/tfjs-backend-cpu').catch(mayBeMissing),
};

/** What there may be in this environment, best first. */
export function candidatesHere(): Candidate[] {
  return isNode() ? [native('tfjs-node-gpu'), native('tfjs-node'), wasm, cpu] : [...registered(), wasm, cpu];
}

function isNode(): boolean {
  return typeof process !== 'undefined' && process.versions?.node !== undefined;
}

function native(name: 'tfjs-node-gpu' | 'tfjs-node'): Candidate {
  const specifier = `@tensorflow/${name}`;
  return {
    name,
    backend: 'tensorflow',
    package: specifier,
    load: () => {
      restoreIsNullOrUndefined();
      // A variable: neither compilers nor bundlers shall look for a package that is not there.
      return import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
    },
  };
}

/** What the application has registered besides, in the order that TensorFlow.js would try it. */
function registered(): Candidate[] {
  return Object.entries(tf.engine().registryFactory)
    .filter(([backend]) => backend !== wasm.backend && backend !== cpu.backend)
    .sort(([, a], [, b]) => b.priority - a.priority)
    .map(([backend]) => ({name: backend, backend}));
}
