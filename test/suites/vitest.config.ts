import {defineConfig} from 'vitest/config';
import type {SuiteBackend} from './support/startBackend.js';

/** Runs the suites where this folder has been copied to, with the packages that are installed there. */
export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ['*.suite.ts'],
    setupFiles: ['setup.ts'],
    provide: {backend: process.env['GRADWIRE_BACKEND'] as SuiteBackend},
    pool: 'forks',
    // A graphics card that the CPU plays takes all cores for one file, and its time.
    maxWorkers: process.env['GRADWIRE_BACKEND'] === 'webgpu' ? 1 : 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    allowOnly: false,
  },
});
