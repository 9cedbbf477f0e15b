import {join} from 'node:path';
import {readEvents} from '@gradwire/loggers';
import type {RecordedRun} from '@gradwire/report';
import type {TrainingEvent} from '@gradwire/trainer';
import {readJson} from './readJson.js';
import type {RunEnvironment} from './runEnvironment.js';
import {runFiles} from './runFiles.js';
import type {RunSummary} from './runSummary.js';

/** A run with its events: what a report is made of. One that goes on is read as far as it has come. */
export async function readRun({id, folder, config, metrics, result}: RunSummary): Promise<RecordedRun> {
  const {version: _, options, ...rest} = config;
  const environment = await readJson<RunEnvironment>(join(folder, runFiles.environment));
  const events = await eventsIn(join(folder, runFiles.events));
  return {
    name: id,
    events,
    config: {...rest, ...options},
    ...(environment === undefined ? {} : {environment: rowsOf(environment)}),
    ...(result === undefined ? {} : {metrics}),
    ...(result?.boundary === undefined ? {} : {boundary: result.boundary}),
  };
}

/** None where the training has not begun. */
async function eventsIn(file: string): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  try {
    for await (const event of readEvents(file)) events.push(event);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return events;
}

/** What a reader wants to know of it: which backends were passed over only where some were. */
function rowsOf({version: _, passedOver, ...rest}: RunEnvironment): NonNullable<RecordedRun['environment']> {
  const reasons = Object.entries(passedOver).map(([name, reason]) => `${name}: ${reason}`);
  return reasons.length === 0 ? rest : {...rest, 'passed over': reasons.join('; ')};
}
