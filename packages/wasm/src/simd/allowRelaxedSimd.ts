import {binaries} from './binaries.js';

/**
 * Node before 22 knows fused multiply-add in WebAssembly only when asked for it. Modules that are compiled later may use
 * it; nothing else changes.
 */
export function allowRelaxedSimd(): void {
  const binary = Uint8Array.from(atob(binaries.relaxed), (character) => character.charCodeAt(0));
  if (WebAssembly.validate(binary)) return;
  process.getBuiltinModule('v8').setFlagsFromString('--experimental-wasm-relaxed-simd');
}
