import {binary} from './binary.js';

/** What the module exports; see its sources in `assembly`. Pointers are numbers of bytes. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  sumStatistics(at: number, end: number, origin: number, threshold: number, to: number): void;
}

/** The module at work. */
export interface StatisticsModule {
  /** Room for values to be summed. */
  readonly values: Float32Array;
  /** Sums over the first `count` of these; good until the next call. */
  sum(count: number, origin: number, threshold: number): DataView;
}

/** Where the values are; the sums are before them. */
const AT = 1024;

let compiled: {readonly module?: StatisticsModule} | undefined;

/** The module of this engine; undefined where there is no WebAssembly SIMD. */
export function statisticsModule(): StatisticsModule | undefined {
  compiled ??= compile();
  return compiled.module;
}

function compile(): {readonly module?: StatisticsModule} {
  try {
    const bytes = Uint8Array.from(atob(binary), (character) => character.charCodeAt(0));
    const {exports} = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const {memory, sumStatistics} = exports as unknown as Exports;
    const sums = new DataView(memory.buffer, 0, AT);
    const sum: StatisticsModule['sum'] = (count, origin, threshold) => {
      sumStatistics(AT, AT + count * Float32Array.BYTES_PER_ELEMENT, origin, threshold, 0);
      return sums;
    };
    return {module: {values: new Float32Array(memory.buffer, AT), sum}};
  } catch {
    // No WebAssembly, or none with SIMD, or a page whose policy forbids it.
    return {};
  }
}
