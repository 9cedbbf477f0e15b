import {join, resolve} from 'node:path';
import {UserError} from '../userError.js';
import {listRuns, type RunSummary, runSummary} from './runSummary.js';

const MOST = 5;

/** The run in this folder of `runs`, by its id mostly, or in this folder. */
export async function findRun(nameOrPath: string, runs: string): Promise<RunSummary> {
  for (const folder of [join(runs, nameOrPath), nameOrPath]) {
    const found = await runSummary(resolve(folder));
    if (found !== undefined) return {...found, folder};
  }
  const others = (await listRuns(runs)).map(({id}) => id);
  const hint =
    others.length === 0
      ? `There are no runs in ${runs}; --runs <dir> names another folder.`
      : `The latest in ${runs}: ${others.slice(0, MOST).join(', ')}.`;
  throw new UserError(`there is no run '${nameOrPath}'. ${hint}`);
}
