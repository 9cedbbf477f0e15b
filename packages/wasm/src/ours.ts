/** Says of a kernel or a backend factory that it is ours, also to another copy of this package. */
export const OURS = Symbol.for('@gradwire/wasm');
