import {diagnose, diagnosisCaptures} from '@gradwire/capture';
import {type Alert, every, type TrainingEvent} from '@gradwire/core';
import type {Pathology} from '@gradwire/testing/pathologies';
import {createTrainer} from '@gradwire/trainer';

/** What the trainer itself says about a loss that is not finite; `nonFinite` does not repeat it. */
const SYNONYMS: Readonly<Record<string, string>> = {nonFiniteLoss: 'nonFinite'};

/** Options of {@link examine}. */
interface ExamineOptions {
  /** Steps from one capture to the next; default 5. */
  readonly distance?: number;
  /** Ends the training when aborted. */
  readonly signal?: AbortSignal;
}

/** Trains one pathology, and returns what the rules say about it: the trainer's own alerts included. */
export async function examine(
  pathology: Pathology,
  seed: number,
  {distance = 5, signal}: ExamineOptions = {},
): Promise<Alert[]> {
  const {model, loss, optimizer, transforms = [], x, y, dispose, ...settings} = pathology.create(seed);
  const captures = diagnosisCaptures({when: every(distance)});
  const trainer = createTrainer({model, loss, optimizer, transforms, captures, seed});
  const events: TrainingEvent[] = [];
  trainer.events$.subscribe((event) => events.push(event));
  try {
    await trainer.fit({x, y}, {...settings, ...(signal === undefined ? {} : {signal})});
  } finally {
    trainer.dispose();
    dispose();
  }
  const failed = events.find((event) => event.type === 'captureFailed');
  if (failed !== undefined) throw new Error(`${pathology.name}: ${failed.capture}: ${failed.error.message}`);
  const alerts: Alert[] = events.filter((event) => event.type === 'alert');
  for await (const alert of diagnose(events)) alerts.push(alert);
  return alerts.map((alert) => ({...alert, rule: SYNONYMS[alert.rule] ?? alert.rule}));
}
