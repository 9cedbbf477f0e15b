// Compiled on its own for backends that give their values to JavaScript; `@gradwire/wasm` compiles the same sources into its module.
export {sumStatistics} from './sumStatistics';
