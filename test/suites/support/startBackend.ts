import {useBackend} from '@gradwire/backend';
import {prepareWasm} from '@gradwire/wasm';
import * as tf from '@tensorflow/tfjs';
import {getThreadsCount, setWasmPaths} from '@tensorflow/tfjs-backend-wasm';

/** What the suites run on: backends of TensorFlow.js, wasm in Node by its number of threads. */
export type SuiteBackend = 'cpu' | 'wasm' | 'wasm-1' | 'wasm-2' | 'tensorflow' | 'webgpu' | 'webgl';

declare module 'vitest' {
  interface ProvidedContext {
    backend: SuiteBackend;
  }
}

const starts: Readonly<Record<SuiteBackend, () => Promise<unknown>>> = {
  cpu: () => tf.setBackend('cpu'),
  wasm: () => {
    setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
    return useBackend('wasm');
  },
  'wasm-1': () => startWasm(1),
  'wasm-2': () => startWasm(2),
  tensorflow: () => useBackend('tfjs-node-gpu'),
  webgpu: () => useBackend('webgpu'),
  webgl: () => tf.setBackend('webgl'),
};

/** Sets a backend, and makes sure that it computes: TensorFlow.js keeps the name of one that has failed. */
export async function startBackend(name: SuiteBackend): Promise<void> {
  await starts[name]();
  await tf.ready();
  const [expected] = name.split('-');
  if (tf.getBackend() !== expected) throw new Error(`The backend is ${tf.getBackend()}, not ${expected}.`);
  const [sum] = await tf.add(tf.scalar(1), tf.scalar(2)).data();
  if (sum !== 3) throw new Error(`${name} says that 1 + 2 is ${sum}.`);
}

async function startWasm(threads: number): Promise<void> {
  await prepareWasm({threads});
  await tf.setBackend('wasm');
  if (getThreadsCount() !== threads) {
    throw new Error(`wasm computes with ${getThreadsCount()} threads, not ${threads}.`);
  }
}
