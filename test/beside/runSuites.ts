import {cp} from 'node:fs/promises';
import {join} from 'node:path';
import {root} from '../support/workspaces.js';
import type {SuiteBackend} from '../suites/support/startBackend.js';
import {run} from './execute.js';
import {unpackInto} from './unpackInto.js';

/**
 * Runs the suites in a folder inside of an installation, with our packages as they would be published now.
 *
 * @returns the exit status of vitest.
 */
export async function runSuites(
  backend: SuiteBackend,
  installation: string,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const {folder, remove} = await unpackInto(installation);
  try {
    await cp(join(root, 'test/suites'), join(folder, 'suites'), {recursive: true});
    const vitest = join(installation, 'node_modules/vitest/vitest.mjs');
    return await run(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
      cwd: join(folder, 'suites'),
      env: {...process.env, ...env, GRADWIRE_BACKEND: backend},
    });
  } finally {
    await remove();
  }
}
