import type {FitOptions, Trainer, TrainingData} from '@gradwire/trainer';

const MOST_STEPS = 30;
const FEWEST_STEPS = 6;
/** Milliseconds after which fewer steps have to do. */
const ENOUGH = 2000;

/**
 * Median time from one step to the next, in milliseconds; nothing if the run ended too early. Trains for a few steps, of which the
 * first third does not count: engines compile what is used often.
 *
 * @param trainer disposed afterwards.
 */
export async function stepTime(
  trainer: Trainer,
  data: TrainingData,
  {batchSize, shuffle, classWeight, signal}: FitOptions,
): Promise<number | undefined> {
  const times: number[] = [];
  const began = performance.now();
  let last = began;
  trainer.events$.subscribe(({type}) => {
    const now = performance.now();
    if (type === 'step') times.push(now - last);
    if (type === 'step' || type === 'epochBegin') last = now;
    const isEnough = times.length >= FEWEST_STEPS && now - began > ENOUGH;
    if (isEnough || times.length === MOST_STEPS) trainer.stop();
  });
  try {
    await trainer.fit(data, {
      // Each epoch has a step at least.
      epochs: MOST_STEPS,
      ...(batchSize === undefined ? {} : {batchSize}),
      ...(shuffle === undefined ? {} : {shuffle}),
      ...(classWeight === undefined ? {} : {classWeight}),
      ...(signal === undefined ? {} : {signal}),
    });
  } finally {
    trainer.dispose();
  }
  if (times.length < FEWEST_STEPS) return undefined;
  const counted = times.slice(Math.floor(times.length / 3)).sort((a, b) => a - b);
  return counted[Math.floor(counted.length / 2)];
}
