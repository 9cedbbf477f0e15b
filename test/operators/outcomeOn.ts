import {execFile} from 'node:child_process';
import {readJson} from '../support/workspaces.js';
import type {Backend, Outcome} from './outcome.js';

/**
 * Runs the tests in `bundle` whose names match, on this backend and in a process of their own: they reset the engine, and
 * some end the whole module.
 */
export async function outcomeOn(backend: Backend, bundle: string, names = /^/): Promise<Outcome> {
  const argument = JSON.stringify(backend);
  const file = `${bundle}.${argument.replace(/\W+/g, '')}.json`;
  await new Promise<void>((resolve, reject) => {
    execFile(
      process.execPath,
      ['--no-warnings', bundle, argument, names.source, file],
      {maxBuffer: 2 ** 26, timeout: 150_000},
      (error, _printed, errors) =>
        error === null ? resolve() : reject(new Error(`${error.message}\n${errors}`)),
    );
  });
  return readJson<Outcome>(file);
}
