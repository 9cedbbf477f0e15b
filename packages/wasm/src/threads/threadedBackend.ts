import {BackendWasm, setThreadsCount} from '@tensorflow/tfjs-backend-wasm';
import {type NodeWorker, startSimdWorkers} from './simdWorkers.js';
import {startThreadedModule} from './threadedModule.js';

/** The wasm backend on several threads of Node. */
export class ThreadedBackend extends BackendWasm {
  #workers: readonly NodeWorker[] = [];

  static async start(threads: number): Promise<ThreadedBackend> {
    const module = await startThreadedModule(threads);
    setThreadsCount(threads);
    const backend = new ThreadedBackend(module);
    try {
      backend.#workers = await startSimdWorkers(backend, threads);
    } catch (error) {
      backend.stopThreads();
      throw error;
    }
    return backend;
  }

  /** Ends the threads. Values can still be read, but nothing be computed. */
  stopThreads(): void {
    this.#stopWorkers();
    (this.wasm as {PThread?: {terminateAllThreads(): void}}).PThread?.terminateAllThreads();
  }

  override dispose(): void {
    this.#stopWorkers();
    super.dispose();
  }

  #stopWorkers(): void {
    for (const worker of this.#workers) void worker.terminate();
    this.#workers = [];
  }
}
