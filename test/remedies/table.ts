import {markdownTable} from '../support/markdownTable.js';
import type {Outcome} from './outcome.js';

/** The outcomes as two tables in markdown: illnesses, then healthy controls. */
export function table(outcomes: readonly Outcome[]): string {
  const ill = outcomes.filter(({pathology}) => pathology.illness !== 'none');
  const healthy = outcomes.filter(({pathology}) => pathology.illness === 'none');
  return [
    markdownTable(
      ['illness', 'training', 'repaired', 'untreated', 'treated', 'remedies that acted'],
      ill.map((outcome) => [
        `\`${outcome.pathology.illness}\``,
        outcome.pathology.name,
        score(outcome),
        level(outcome.untreated),
        level(outcome.treated),
        remedies(outcome),
      ]),
    ),
    total(ill),
    markdownTable(
      ['healthy training', 'not harmed', 'untreated', 'treated', 'remedies that acted'],
      healthy.map((outcome) => [
        outcome.pathology.name,
        score(outcome),
        level(outcome.untreated),
        level(outcome.treated),
        remedies(outcome),
      ]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** How many of all trainings came out right. */
export function shareRight(outcomes: readonly Outcome[]): number {
  const sum = (key: 'right' | 'seeds'): number => outcomes.reduce((total_, one) => total_ + one[key], 0);
  return sum('right') / sum('seeds');
}

function total(ill: readonly Outcome[]): string {
  if (ill.length === 0) return '';
  const [right, seeds] = [ill.reduce((n, one) => n + one.right, 0), ill.reduce((n, one) => n + one.seeds, 0)];
  return `Repaired: ${right} of ${seeds} ill trainings, ${((100 * right) / seeds).toFixed(1)} %.`;
}

function score({right, seeds}: Outcome): string {
  return `${right}/${seeds}`;
}

function level(value: number): string {
  if (!Number.isFinite(value)) return '∞';
  return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e4)
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}

function remedies({applied, undone, seeds}: Outcome): string {
  const acted = Object.entries(applied)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name.replace(/^onAlert\((.*)\)$/, '$1')} ${count}/${seeds}`);
  return [...acted, ...(undone > 0 ? [`undone in ${undone}`] : [])].join(', ') || '–';
}
