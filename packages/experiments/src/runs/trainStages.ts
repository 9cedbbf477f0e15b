import type {TrainerServices, TrainingEvent} from '@gradwire/trainer';
import type {Stage, Training} from '../training.js';
import type {Checkpoint} from './checkpoint.js';
import {CheckpointKeeper} from './checkpointKeeper.js';
import type {RunRecorder} from './runRecorder.js';
import type {RunResult} from './runResult.js';
import {assignWeights, weightsOfStages} from './savedWeights.js';
import type {RunJob, RunOutcome} from './runJob.js';

interface StagesJob extends Pick<RunJob, 'folder' | 'signal' | 'checkpointEvery' | 'onStage' | 'onEvent'> {
  readonly recorder: RunRecorder;
  readonly checkpoint: Checkpoint | undefined;
}

/** Runs the stages that are left, and asks for the figures of the outcome after the last. */
export async function trainStages(training: Training, job: StagesJob): Promise<RunOutcome> {
  const {recorder, checkpoint} = job;
  const variables = weightsOfStages(training);
  if (checkpoint !== undefined) assignWeights(variables, checkpoint.weights);
  const keeper = new CheckpointKeeper({...job, stages: training.stages, variables});
  const {stages} = training;
  const stopping = new AbortController();
  const stop = (): void => keeper.stop(() => stopping.abort());
  job.signal.addEventListener('abort', stop);
  if (job.signal.aborted) stop();
  let reason: RunResult['reason'] = 'completed';
  try {
    for (let index = checkpoint?.stage ?? 0; index < stages.length; index++) {
      const resumed = index === checkpoint?.stage && checkpoint.epoch > 0 ? checkpoint : undefined;
      if (resumed !== undefined) await stages[index]!.trainer.optimizer.setWeights([...resumed.optimizer]);
      keeper.begin(index, resumed?.epoch ?? 0);
      job.onStage?.(stages[index]!, stages);
      recorder.watch = (event, services) => {
        if (resumed !== undefined)
          undoInitialization(event, services, () => assignWeights(variables, resumed.weights));
        keeper.watch(event, services);
        job.onEvent?.(event);
      };
      const ended = await fit(stages[index]!, resumed?.epoch ?? 0, stopping.signal);
      if (ended === 'stopped') return {reason: ended, epochs: keeper.epochsKept};
      reason = ended;
      if (reason === 'diverged') break;
      await keeper.endStage();
    }
    const metrics = await training.evaluate(keeper.logs);
    const boundary = await training.boundary?.();
    return {...keeper.result(reason, metrics), ...(boundary === undefined ? {} : {boundary})};
  } catch (thrown) {
    const {name, message, stack = ''} = thrown instanceof Error ? thrown : new Error(String(thrown));
    return {...keeper.result('failed', {}), error: {name, message, stack}};
  } finally {
    job.signal.removeEventListener('abort', stop);
  }
}

async function fit(
  {trainer, data, options}: Stage,
  initialEpoch: number,
  signal: AbortSignal,
): Promise<RunResult['reason'] | 'stopped'> {
  const {reason} = await trainer.fit(data, {...options, initialEpoch, signal});
  return reason;
}

/** A trainer's first run initialises what its remedies say, also where it goes on with weights that were trained. */
function undoInitialization({type}: TrainingEvent, services: TrainerServices, restore: () => void): void {
  if (type === 'runBegin') services.betweenSteps(restore);
}
