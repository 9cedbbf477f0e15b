import {readFileSync} from 'node:fs';
import {expect, type RunnerTask} from 'vitest';

/** Expects the rows of one table of docs/techniques.md that have a call to be the tests of one suite, by their names. */
export function expectRows(title: string, tasks: readonly RunnerTask[]): void {
  const page = readFileSync(new URL('../../docs/techniques.md', import.meta.url), 'utf8');
  const section = page.split('\n## ').find((part) => part.startsWith(`${title}\n`)) ?? '';
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('| '));
  const techniques = rows.map((row) => row.replaceAll('\\|', '¦').split('|')[1]!.replaceAll('¦', '|').trim());
  const suite = tasks.find(({name}) => name === title);
  expect(techniques.toSorted()).toEqual(namesOf(suite === undefined ? [] : [suite]).toSorted());
}

function namesOf(tasks: readonly RunnerTask[], above: readonly string[] = []): string[] {
  return tasks.flatMap((task) => {
    const path = [...above, task.name];
    return 'tasks' in task ? namesOf(task.tasks, path) : [path.slice(1).join(': ')];
  });
}
