import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';

/** The module that `BackendWasm` is made of. */
export type WasmModule = ConstructorParameters<typeof BackendWasm>[0];

const SCRIPT = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
const WORKER = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js';

/** As far as it is used here. */
interface EmscriptenModule {
  cwrap(name: string, returns: 'number' | null, takes: readonly 'number'[]): (...values: number[]) => number;
}
type Factory = (config: object) => Promise<EmscriptenModule>;

/**
 * Starts the threaded build that TensorFlow.js ships and does not use in Node (tensorflow/tfjs#3830). Its script is run
 * with stand-ins for what it would otherwise change or ask of the process:
 *
 * - workers come from their source, which the package ships as a string, and never keep the process alive once started;
 * - the number of cores, half of which it takes at most, allows for the threads that are wanted;
 * - its handlers of uncaught exceptions and its `global.Worker` go nowhere.
 */
export async function startThreadedModule(threads: number): Promise<WasmModule> {
  const {createRequire} = process.getBuiltinModule('module');
  const {readFileSync} = process.getBuiltinModule('fs');
  const {dirname, join} = process.getBuiltinModule('path');
  const vm = process.getBuiltinModule('vm');

  const require = createRequire(import.meta.url);
  const file = require.resolve(SCRIPT);
  // The script starts eight workers whatever is needed; what is missing later cannot start while the main thread waits for it.
  const source = readFileSync(file, 'utf8').replace(/pthreadPoolSize=8\b/, `pthreadPoolSize=${threads}`);
  let failed: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    failed = reject;
  });
  const {wasmWorkerContents} = require(WORKER) as {wasmWorkerContents: string};
  const Worker = workerOf(wasmWorkerContents, (error) => failed(error));
  const standIns: Readonly<Record<string, unknown>> = {
    worker_threads: {Worker},
    os: {cpus: () => Array.from({length: 2 * threads})},
  };
  const names = ['module', 'exports', 'require', 'process', 'global', 'Worker', '__filename', '__dirname'];
  const run = vm.compileFunction(source, names, {filename: file}) as (...values: unknown[]) => void;
  const script: {exports: unknown} = {exports: {}};
  const quiet = Object.create(process, {on: {value: () => {}}, listeners: {value: () => []}}) as object;
  run(
    script,
    script.exports,
    (id: string) => standIns[id] ?? require(id),
    quiet,
    {},
    Worker,
    file,
    dirname(file),
  );

  const starting = (script.exports as Factory)({
    mainScriptUrlOrBlob: file,
    locateFile: (name: string) => join(dirname(file), name),
  });
  const module = await Promise.race([starting, failure]);
  failed = (error) => {
    throw error;
  };
  return Object.assign(module, {tfjs: bindingsOf(module)}) as unknown as WasmModule;
}

function workerOf(contents: string, failed: (error: Error) => void): new () => object {
  const {Worker} = process.getBuiltinModule('worker_threads');
  // A string that went through a template literal: line ends within its own strings have to be escaped again.
  const source = contents.replace(/\n/g, '\\n');
  return class extends Worker {
    constructor() {
      super(source, {eval: true, execArgv: []});
      super.on('error', failed);
    }

    /** The script would throw a worker's errors where nobody can catch them. */
    override on(event: string, listener: (...values: never[]) => void): this {
      return event === 'error' ? this : super.on(event, listener as () => void);
    }

    /** The script would hold the process open for as long as a thread lives. */
    override ref(): void {}
  };
}

/** What `init` of the package binds. */
function bindingsOf({cwrap}: EmscriptenModule): Record<string, unknown> {
  return {
    init: cwrap('init', null, []),
    initWithThreadsCount: cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: cwrap('get_threads_count', 'number', []),
    registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: cwrap('dispose_data', null, ['number']),
    dispose: cwrap('dispose', null, []),
  };
}
