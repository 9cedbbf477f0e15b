// Compiles this folder into src/simd/binary.ts: `npm run build:wasm`.
import {writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {compileAssembly} from '../../core/assembly/compileAssembly.mjs';

/** The generated file's text. */
export const generate = () => compileAssembly(new URL('.', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(new URL('../src/simd/binary.ts', import.meta.url), await generate());
}
