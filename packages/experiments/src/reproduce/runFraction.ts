import type {TrainingEvent} from '@gradwire/trainer';
import type {RunJob} from '../runs/runJob.js';

/** Tells how far a training is: the share of all stages' epochs, and where it stands in words. */
export function runFraction(
  tell: (fraction: number, text: string) => void,
): Required<Pick<RunJob, 'onStage' | 'onEvent'>> {
  let before = 0;
  let total = 1;
  let stepsPerEpoch: number | undefined;
  return {
    onStage: (stage, stages) => {
      const counts = stages.map(({options}) => options.epochs);
      total = sum(counts);
      before = sum(counts.slice(0, stages.indexOf(stage)));
    },
    onEvent: (event: TrainingEvent) => {
      if (event.type === 'runBegin') stepsPerEpoch = event.stepsPerEpoch;
      if (event.type !== 'step' && event.type !== 'epochEnd') return;
      const within = event.type === 'epochEnd' ? 1 : (event.batch + 1) / (stepsPerEpoch ?? Infinity);
      tell((before + event.epoch + within) / total, `epoch ${before + event.epoch + 1}/${total}`);
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
