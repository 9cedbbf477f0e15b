import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {shareSimdKernels} from '../simd/simdKernels.js';

/** Of Node, without an import: browsers load this file too. */
const workerThreads = () => process.getBuiltinModule('worker_threads');
export type NodeWorker = InstanceType<ReturnType<typeof workerThreads>['Worker']>;

/** Waits in WebAssembly for jobs, without end. */
const source = `
const {parentPort, workerData: {module, memory, control, index}} = require('node:worker_threads');
const {exports} = new WebAssembly.Instance(module, {env: {memory}});
parentPort.postMessage('ready');
exports.work(control, index);`;

/** Starts the threads that take part in products and elementwise work; none of them keeps the process alive. */
export async function startSimdWorkers(
  backend: BackendWasm,
  threads: number,
): Promise<readonly NodeWorker[]> {
  const shared = shareSimdKernels(backend, threads);
  if (shared === undefined) return [];
  const {Worker} = workerThreads();
  const workers = Array.from({length: threads - 1}, (_, i) => {
    const workerData = {...shared, index: i + 1};
    return new Worker(source, {eval: true, execArgv: [], workerData});
  });
  try {
    await Promise.all(workers.map(ready));
  } catch (error) {
    for (const worker of workers) void worker.terminate();
    throw error;
  }
  for (const worker of workers) worker.unref();
  return workers;
}

function ready(worker: NodeWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a worker ended with exit code ${code}`)));
  });
}
