import {progress} from '@gradwire/loggers';
import type {TrainingEvent} from '@gradwire/trainer';
import {Subject} from 'rxjs';
import type {Stage} from '../training.js';

/** A progress bar for each stage, one after the other. */
export interface StageProgress {
  /** A stage begins. */
  begin(stage: Stage, stages: readonly Stage[]): void;
  show(event: TrainingEvent): void;
}

/** Progress on stderr that says which stage it is of, where there are several. */
export function stageProgress(): StageProgress {
  let events$ = new Subject<TrainingEvent>();
  return {
    begin: (stage, stages) => {
      events$.complete();
      events$ = new Subject();
      const place = `${stages.indexOf(stage) + 1}/${stages.length}`;
      const label = stage.name === undefined ? place : `${place} ${stage.name}`;
      progress(stages.length > 1 ? {label} : {})(events$);
    },
    show: (event) => events$.next(event),
  };
}
