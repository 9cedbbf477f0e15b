import {createRequire} from 'node:module';
import {dirname} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

/** As far as it is needed here. */
interface Esbuild {
  build(options: object): Promise<unknown>;
}
interface PluginBuild {
  onResolve(options: {readonly filter: RegExp}, resolve: () => {readonly path: string}): void;
}

const entry = fileURLToPath(new URL('inChildProcess.ts', import.meta.url));
/** The modules of these packages, not what they offer to Node: that is another copy of tfjs-core, in ES5. */
const packages = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'];

/**
 * Writes tfjs-core, its tests, the wasm backend and @gradwire/wasm into one file. They need one tfjs-core, or a tensor
 * of one is none to the other; and Node does not find the files of tfjs's modules, which import without extensions.
 */
export async function bundle(file: string): Promise<void> {
  const require = createRequire(import.meta.url);
  // esbuild comes with tsx.
  const esbuildOfTsx = createRequire(require.resolve('tsx')).resolve('esbuild');
  const esbuild = (await import(pathToFileURL(esbuildOfTsx).href)) as Esbuild;
  await esbuild.build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['gradwire:source'],
    external: ['jasmine-core'],
    logLevel: 'error',
    // tfjs-core declares its tests free of side effects, which leaves nothing of them.
    ignoreAnnotations: true,
    // Where the backend looks for its wasm files.
    define: {__dirname: JSON.stringify(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')))},
    banner: {
      js: `import {createRequire as createRequireOfBundle} from 'node:module';
const require = createRequireOfBundle(import.meta.url);`,
    },
    plugins: [
      {
        name: 'modules',
        setup({onResolve}: PluginBuild) {
          for (const name of packages) {
            const path = require.resolve(`${name}/dist/index.js`);
            onResolve({filter: new RegExp(`^${name}$`)}, () => ({path}));
          }
        },
      },
    ],
  });
}
