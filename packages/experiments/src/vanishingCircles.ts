import {gradientStats} from '@gradwire/capture';
import {everyEpoch} from '@gradwire/core';
import {circles} from '@gradwire/datasets';
import {sigmoidRescue} from '@gradwire/remedies';
import {createTrainer, type EventConsumer, ofType, type RemedySource} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs-core';
import {type CirclesActivation, circlesNetwork} from './circlesNetwork.js';

const BATCHES_PER_EPOCH = 32;

/** Options of {@link vanishingCircles}. */
export interface VanishingCirclesOptions {
  /** Passes over the 1000 points; default 100, as published. */
  readonly epochs?: number;
  /** Seed of weights and shuffling, >= 0; default 1. The points are always those of seed 42. */
  readonly seed?: number;
  /** Makes a consumer of the events of one training, e.g. a progress bar. */
  readonly watch?: (network: string, index: number, count: number) => EventConsumer;
  /** Ends the training that runs, and begins no other. */
  readonly signal?: AbortSignal;
}

/** Loss and accuracy on all points. */
export interface CirclesScore {
  readonly loss: number;
  readonly acc: number;
}

/** What became of one network. */
export interface CirclesResult {
  readonly network: string;
  /** With the kernels from N(0, 1); a remedy initialises its own only when training begins. */
  readonly before: CirclesScore;
  readonly after: CirclesScore;
  /** Standard deviation of each layer's kernel gradient, input to output; mean over the first batches of the epochs. */
  readonly gradientStd: readonly number[];
}

/**
 * The vanishing-gradient experiment: a 2-5-5-5-5-1 network learns to tell two noisy circles apart with sigmoid, with
 * tanh and with relu in its hidden layers, and once more with sigmoid and {@link sigmoidRescue}. All else is equal:
 * 1000 points, batches of 32, RMSprop, rate 0.001 where the remedy has no other.
 *
 * Yields one result after the other, as they come.
 *
 * @example
 * ```ts
 * import {useBackend} from '@gradwire/backend';
 * import {vanishingCircles} from '@gradwire/experiments';
 *
 * await useBackend('cpu');
 * for await (const {network, gradientStd} of vanishingCircles({epochs: 1})) {
 *   console.log(network, gradientStd);
 * }
 * ```
 * @see Brownlee, "Visualizing the vanishing gradient problem", Machine Learning Mastery.
 */
export async function* vanishingCircles({
  epochs = 100,
  seed = 1,
  watch,
  signal,
}: VanishingCirclesOptions = {}): AsyncGenerator<CirclesResult> {
  const rescue = sigmoidRescue({steps: epochs * BATCHES_PER_EPOCH});
  const networks: readonly [string, CirclesActivation, ...RemedySource[]][] = [
    ['sigmoid', 'sigmoid'],
    ['tanh', 'tanh'],
    ['relu', 'relu'],
    ['sigmoid+remedy', 'sigmoid', rescue],
  ];
  const data = circles({samples: 1000, factor: 0.5, noise: 0.1, seed: 42});
  try {
    for (const [i, [network, activation, ...remedies]] of networks.entries()) {
      if (signal?.aborted === true) return;
      const consumers = watch === undefined ? [] : [watch(network, i, networks.length)];
      const result = await train(circlesNetwork(activation, seed), data, {
        remedies,
        consumers,
        epochs,
        seed,
        signal,
      });
      if (result !== undefined) yield {network, ...result};
    }
  } finally {
    tf.dispose([data.x, data.y]);
  }
}

interface TrainOptions {
  readonly remedies: readonly RemedySource[];
  readonly consumers: readonly EventConsumer[];
  readonly epochs: number;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

async function train(
  model: ReturnType<typeof circlesNetwork>,
  data: ReturnType<typeof circles>,
  {remedies, consumers, epochs, seed, signal}: TrainOptions,
): Promise<Omit<CirclesResult, 'network'> | undefined> {
  const trainer = createTrainer({
    model,
    loss: 'binaryCrossentropy',
    optimizer: tf.train.rmsprop(1e-3),
    metrics: ['accuracy'],
    seed,
    captures: [gradientStats({when: everyEpoch()})],
    remedies,
    consumers,
  });
  const kernels = model.trainableWeights.map(({name}) => name).filter((name) => name.includes('/kernel'));
  const sums = kernels.map(() => 0);
  let captured = 0;
  trainer.events$.pipe(ofType('capture')).subscribe(({values}) => {
    captured++;
    kernels.forEach((name, layer) => (sums[layer]! += values[name]!['std']!));
  });
  try {
    const before = await score(trainer, data);
    const {reason} = await trainer.fit(data, {epochs, ...(signal === undefined ? {} : {signal})});
    if (reason === 'stopped') return undefined;
    return {before, after: await score(trainer, data), gradientStd: sums.map((sum) => sum / captured)};
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

async function score(
  trainer: ReturnType<typeof createTrainer>,
  data: ReturnType<typeof circles>,
): Promise<CirclesScore> {
  const logs = await trainer.evaluate(data, {batchSize: 1000});
  return {loss: logs['loss']!, acc: logs['acc']!};
}
