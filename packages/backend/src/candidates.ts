import * as tf from '@tensorflow/tfjs-core';
import type {Candidate} from './candidate.js';
import {mayBeMissing} from './mayBeMissing.js';
import {restoreNodeUtil} from './restoreNodeUtil.js';
import {requireHardwareRenderer} from './webglRenderer.js';
import {webgpuInBrowsers, webgpuInNode} from './webgpu.js';

const webgl: Candidate = {
  name: 'webgl',
  backend: 'webgl',
  packages: ['@tensorflow/tfjs-backend-webgl'],
  check: () => requireHardwareRenderer(),
  load: () => import('@tensorflow/tfjs-backend-webgl').catch(mayBeMissing),
};

const wasm: Candidate = {
  name: 'wasm',
  backend: 'wasm',
  packages: ['@tensorflow/tfjs-backend-wasm'],
  prepare: async () => {
    // Imports the backend as well. Where an import of the application has registered it, it lacks the same.
    const {prepareWasm} = await import('@gradwire/wasm');
    await prepareWasm();
    return undefined;
  },
};

const cpu: Candidate = {
  name: 'cpu',
  backend: 'cpu',
  packages: ['@tensorflow/tfjs-backend-cpu'],
  load: () => import('@tensorflow/tfjs-backend-cpu').catch(mayBeMissing),
};

const inNode = [native('tfjs-node-gpu'), native('tfjs-node'), webgpuInNode, wasm, cpu];
const inBrowsers = [webgpuInBrowsers, webgl, wasm, cpu];

/** What there may be in this environment, best first. */
export function candidatesHere(): Candidate[] {
  return isNode() ? inNode : [...othersRegistered(), ...inBrowsers];
}

function isNode(): boolean {
  return typeof process !== 'undefined' && process.versions?.node !== undefined;
}

function native(name: 'tfjs-node-gpu' | 'tfjs-node'): Candidate {
  const specifier = `@tensorflow/${name}`;
  return {
    name,
    backend: 'tensorflow',
    packages: [specifier],
    load: () => {
      restoreNodeUtil();
      // A variable: neither compilers nor bundlers shall look for a package that is not there.
      return import(/* @vite-ignore */ /* webpackIgnore: true */ specifier);
    },
  };
}

/** What the application has registered by other names, in the order that TensorFlow.js would try it. */
function othersRegistered(): Candidate[] {
  return Object.entries(tf.engine().registryFactory)
    .filter(([name]) => !inBrowsers.some(({backend}) => backend === name))
    .sort(([, a], [, b]) => b.priority - a.priority)
    .map(([backend]) => ({name: backend, backend}));
}
