import {BackendWasm} from '@tensorflow/tfjs-backend-wasm';
import {startSharedModule} from './sharedModule.js';
import {type NodeWorker, startSimdWorkers} from './simdWorkers.js';

/** The wasm backend on several threads of Node. */
export class ThreadedBackend extends BackendWasm {
  #workers: readonly NodeWorker[] = [];

  static async start(threads: number): Promise<ThreadedBackend> {
    const backend = new ThreadedBackend(await startSharedModule(threads));
    backend.#workers = await startSimdWorkers(backend, threads);
    return backend;
  }

  /** Ends the threads. Values can still be read. */
  stopThreads(): void {
    for (const worker of this.#workers) void worker.terminate();
    this.#workers = [];
  }

  override dispose(): void {
    this.stopThreads();
    super.dispose();
  }
}
