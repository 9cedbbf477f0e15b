import {BatchMeans} from './batchMeans.js';
import type {BatchSource} from './batchSource.js';
import type {Learner} from './learner.js';
import {hostYielder} from './yieldToHost.js';

/** Mean loss and metrics over all batches of a source, in inference mode. */
export async function evaluate(learner: Learner, source: BatchSource): Promise<Record<string, number>> {
  const means = new BatchMeans(learner.metricNames);
  const yieldToHost = hostYielder();
  try {
    for await (const batch of source.epoch(0, 0)) {
      const {loss, metrics} = learner.evaluate(batch);
      await means.add([loss, ...metrics], batch.size);
      await yieldToHost();
    }
    return await means.read();
  } finally {
    means.dispose();
  }
}
