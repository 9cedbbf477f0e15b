import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {run} from '../beside/execute.js';
import {root} from '../support/workspaces.js';
import {buildBundles} from './bundles.js';
import {chromium} from './chromium.js';

// The suites in a browser, on bundles of what is published; see docs/backends.md.
if (chromium === undefined) {
  console.log('test:browser is skipped: there is no Chromium. `apt-get install chromium` brings one.');
} else {
  await buildBundles();
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const config = join(root, 'test/browser/vitest.config.ts');
  process.exitCode = await run(process.execPath, [
    vitest,
    'run',
    '--config',
    config,
    ...process.argv.slice(2),
  ]);
}
