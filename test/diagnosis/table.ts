import {markdownTable} from '../support/markdownTable.js';
import {isReached, type Verdict} from './verdict.js';

/** The verdicts as two tables in markdown: illnesses, then healthy controls. */
export function table(verdicts: readonly Verdict[]): string {
  const ill = verdicts.filter(({pathology}) => pathology.illness !== 'none');
  const healthy = verdicts.filter(({pathology}) => pathology.illness === 'none');
  return [
    markdownTable(
      ['illness', 'training', 'found', 'other rules that fired'],
      ill.map((verdict) => [
        `\`${verdict.pathology.illness}\``,
        verdict.pathology.name,
        score(verdict),
        others(verdict),
      ]),
    ),
    markdownTable(
      ['healthy training', 'silent', 'rules that fired'],
      healthy.map((verdict) => [verdict.pathology.name, score(verdict), others(verdict)]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function score(verdict: Verdict): string {
  return `${verdict.right}/${verdict.seeds}${isReached(verdict) ? '' : ' (missed)'}`;
}

function others({others: counted}: Verdict): string {
  return Object.entries(counted)
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .map(([rule, seeds]) => `${rule} ${seeds}`)
    .join(', ');
}
