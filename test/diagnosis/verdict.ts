import type {Alert} from '@gradwire/core';
import type {Pathology} from '@gradwire/testing/pathologies';

/** What the rules said about one pathology, seed by seed. */
export interface Verdict {
  readonly pathology: Pathology;
  /** Seeds it was trained with. */
  readonly seeds: number;
  /** Seeds in which all is well: its own rule fired, or, for a healthy control, none that counts. */
  readonly right: number;
  /** For each other rule, the seeds in which it fired; `(info)` where it never was more than that. */
  readonly others: Readonly<Record<string, number>>;
}

/** Of its seeds, the share that must be right. */
const TARGET = 0.95;

/** A pathology, and the alerts of each of its trainings. */
export function judge(pathology: Pathology, trainings: readonly (readonly Alert[])[]): Verdict {
  const others: Record<string, number> = {};
  for (const alerts of trainings) {
    const severe = new Set(alerts.filter(counts).map(({rule}) => rule));
    const slight = alerts.filter(({rule}) => !severe.has(rule)).map(({rule}) => `${rule} (info)`);
    for (const rule of new Set([...severe, ...slight])) {
      if (rule.replace(' (info)', '') !== pathology.illness) others[rule] = (others[rule] ?? 0) + 1;
    }
  }
  const right = trainings.filter((alerts) => isRight(pathology, alerts)).length;
  return {pathology, seeds: trainings.length, right, others};
}

/** Found by its rule, whatever the severity; or, if healthy, no warning and no error. */
export function isRight({illness}: Pathology, alerts: readonly Alert[]): boolean {
  return illness === 'none' ? !alerts.some(counts) : alerts.some(({rule}) => rule === illness);
}

/** Whether enough seeds are right. */
export function isReached({right, seeds}: Verdict): boolean {
  return right >= TARGET * seeds;
}

/** An `info` is worth a look, but says nothing is wrong. */
function counts({severity}: Alert): boolean {
  return severity !== 'info';
}
