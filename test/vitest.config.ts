import {fileURLToPath} from 'node:url';
import {defineConfig} from 'vitest/config';

// The workspace packages as sources, before what Vite knows by itself: tests need no build.
const conditions = ['gradwire:source', 'module', 'node', 'development|production'];

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: {conditions},
  ssr: {resolve: {conditions}},
  // Tests of the trainer lie outside its tsconfig, so Vite would not find the switch by itself.
  oxc: {decorator: {legacy: true, emitDecoratorMetadata: true}},
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    allowOnly: false,
    // What tfjs prints into every log.
    onConsoleLog: (log) => !log.includes('looks like you are running TensorFlow.js in Node.js'),
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/*/**/*.test.ts'],
        },
      },
      // Backends that need nothing but what `npm ci` installs; for the others see docs/backends.md.
      ...(['cpu', 'wasm-1', 'wasm-2'] as const).map((backend) => ({
        extends: true as const,
        test: {
          name: backend,
          include: ['test/suites/*.suite.ts'],
          setupFiles: ['test/suites/setup.ts'],
          provide: {backend},
        },
      })),
    ],
  },
});
