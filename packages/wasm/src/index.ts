export {prepareWasm, type WasmOptions} from './prepareWasm.js';
