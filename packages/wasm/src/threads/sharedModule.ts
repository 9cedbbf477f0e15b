import type {BackendWasm} from '@tensorflow/tfjs-backend-wasm';

/** The module that `BackendWasm` is made of. */
type WasmModule = ConstructorParameters<typeof BackendWasm>[0];

const SCRIPT = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';

/** As far as it is used here. */
interface EmscriptenModule {
  cwrap(name: string, returns: 'number' | null, takes: readonly 'number'[]): (...values: number[]) => number;
}
type Factory = (config: object) => Promise<EmscriptenModule>;

/**
 * Starts the build of TensorFlow.js that shares its memory with threads, which it ships and does not use in Node
 * (tensorflow/tfjs#3830). Threads of ours work on that memory; its own stay out: XNNPACK wakes and awaits them in every small
 * operation, 0.2 ms each time, and longer where other programs want the cores.
 *
 * Its script is run with stand-ins for what it would otherwise change of the process: handlers of uncaught exceptions and
 * `global.Worker` go nowhere, and its workers are none.
 *
 * @param threads what the backend is to say of its threads.
 */
export async function startSharedModule(threads: number): Promise<WasmModule> {
  const {createRequire} = process.getBuiltinModule('module');
  const {readFileSync} = process.getBuiltinModule('fs');
  const {dirname, join} = process.getBuiltinModule('path');
  const vm = process.getBuiltinModule('vm');

  if (import.meta.url === undefined)
    throw new Error('the program is one bundle, without the packages it is made of');
  const require = createRequire(import.meta.url);
  const file = require.resolve(SCRIPT);
  const standIns: Readonly<Record<string, unknown>> = {worker_threads: {Worker: NoWorker}};
  const names = ['module', 'exports', 'require', 'process', 'global', 'Worker', '__filename', '__dirname'];
  const run = vm.compileFunction(readFileSync(file, 'utf8'), names, {filename: file}) as (
    ...values: unknown[]
  ) => void;
  const script: {exports: unknown} = {exports: {}};
  const quiet = Object.create(process, {on: {value: () => {}}, listeners: {value: () => []}}) as object;
  const requireOrStandIn = (id: string) => standIns[id] ?? require(id);
  run(script, script.exports, requireOrStandIn, quiet, {}, NoWorker, file, dirname(file));

  const module = await (script.exports as Factory)({
    mainScriptUrlOrBlob: file,
    locateFile: (name: string) => join(dirname(file), name),
  });
  return Object.assign(module, {tfjs: bindingsOf(module, threads)}) as unknown as WasmModule;
}

/** Says that it has loaded, which the script waits for, and does nothing else. */
class NoWorker {
  onmessage: (event: {data: {cmd: 'loaded'}}) => void = () => {};

  postMessage(): void {
    queueMicrotask(() => this.onmessage({data: {cmd: 'loaded'}}));
  }

  on(): void {}
  unref(): void {}
  terminate(): void {}
}

/** What `init` of the package binds; XNNPACK gets one thread. */
function bindingsOf({cwrap}: EmscriptenModule, threads: number): Record<string, unknown> {
  const initWithThreadsCount = cwrap('init_with_threads_count', null, ['number']);
  return {
    init: cwrap('init', null, []),
    initWithThreadsCount: () => initWithThreadsCount(1),
    getThreadsCount: () => threads,
    registerTensor: cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: cwrap('dispose_data', null, ['number']),
    dispose: cwrap('dispose', null, []),
  };
}
