import {playwright} from '@vitest/browser-playwright';
import {defineConfig} from 'vitest/config';
import type {SuiteBackend} from '../suites/support/startBackend.js';
import {root} from '../support/workspaces.js';
import {bundles, tfjs} from './bundles.js';
import {chromium} from './chromium.js';

const backends: readonly SuiteBackend[] = ['cpu', 'wasm', 'webgl'];

export default defineConfig({
  root,
  // Our packages only ever as bundles, neither as sources nor file by file.
  resolve: {alias: [{find: /^@gradwire[/](.*)$/, replacement: `${bundles}/$1.js`}]},
  optimizeDeps: {include: tfjs},
  test: {
    include: ['test/suites/*.suite.ts'],
    setupFiles: ['test/suites/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          ...(chromium === undefined ? {} : {executablePath: chromium}),
          args: [
            '--no-sandbox',
            // WebGL without a graphics card.
            '--use-angle=swiftshader',
            '--enable-unsafe-swiftshader',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
            '--no-first-run',
          ],
        },
      }),
      instances: backends.map((backend) => ({browser: 'chromium', name: backend, provide: {backend}})),
    },
  },
});
