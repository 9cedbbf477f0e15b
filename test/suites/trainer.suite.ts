import {chainNorms, gradientStats} from '@gradwire/capture';
import {clipByGlobalNorm} from '@gradwire/clipping';
import {every} from '@gradwire/core';
import {gradientNoise} from '@gradwire/noise';
import {expectNoLeaks} from '@gradwire/testing';
import {
  createTrainer,
  ofType,
  type Trainer,
  type TrainerOptions,
  type TrainingEvent,
} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {denseTask, sequential, type Task, tasks} from './support/models.js';
import {sameTraining} from './support/tolerance.js';
import {normOf, weightsOf} from './support/values.js';

const order = {batchSize: 8, shuffle: false};

function trainerOf({loss}: Task, model: tf.LayersModel, parts: Partial<TrainerOptions> = {}): Trainer {
  return createTrainer({model, loss, optimizer: tf.train.adam(0.03), ...parts});
}

describe.each(tasks)('a $name model', (task) => {
  it('ends at the weights of model.fit', async () => {
    const [ours, theirs] = [task.model(), task.model()];
    const {x, y} = task.data();
    theirs.compile({loss: task.loss, optimizer: tf.train.adam(0.03)});
    await theirs.fit(x, y, {...order, epochs: 2, verbose: 0});
    await trainerOf(task, ours).fit({x, y}, {...order, epochs: 2});
    expect(await weightsOf(ours)).toBeAllclose(await weightsOf(theirs), sameTraining());
  });

  it('learns with noise on clipped gradients', async () => {
    const transforms = [clipByGlobalNorm({maxNorm: 1}), gradientNoise({eta: 1e-4})];
    const {history} = await trainerOf(task, task.model(), {transforms}).fit(task.data(), {
      ...order,
      epochs: 8,
    });
    const [first, last] = [history['loss']![0]!, history['loss']!.at(-1)!];
    expect(last).toBeLessThan(0.95 * first);
    expect(last).toBeGreaterThan(0);
  });

  it('leaves no tensors behind', async () => {
    const data = task.data();
    const trainer = trainerOf(task, task.model(), {
      transforms: [clipByGlobalNorm({maxNorm: 1})],
      captures: [gradientStats({when: every(1)})],
    });
    await trainer.fit(data, order);
    await expectNoLeaks(() => trainer.fit(data, {...order, epochs: 2}));
  });
});

describe('a run', () => {
  const record = (trainer: Trainer): TrainingEvent[] => {
    const events: TrainingEvent[] = [];
    trainer.events$.subscribe((event) => events.push(event));
    return events;
  };

  it('tells of everything in order', async () => {
    const captures = [chainNorms({when: every(2)})];
    const trainer = trainerOf(denseTask, denseTask.model(), {captures});
    const events = record(trainer);
    await trainer.fit(denseTask.data(), {...order, epochs: 2});
    const epoch = ['epochBegin', 'step', 'capture', 'step', 'epochEnd'];
    expect(events.map(({type}) => type)).toEqual(['runBegin', ...epoch, ...epoch, 'runEnd']);
    expect(events[0]).toMatchObject({backend: tf.getBackend(), optimizer: 'Adam', stepsPerEpoch: 2});
    expect(events.at(-1)).toMatchObject({reason: 'completed', epoch: 1});
  });

  it('captures the norms along the chain', async () => {
    const transforms = [clipByGlobalNorm({maxNorm: 0.01})];
    const captures = [chainNorms({when: every(1)}), gradientStats({when: every(1)})];
    const trainer = trainerOf(denseTask, denseTask.model(), {transforms, captures});
    const measured: Readonly<Record<string, Readonly<Record<string, number>>>>[] = [];
    trainer.events$.pipe(ofType('capture')).subscribe(({values}) => measured.push(values));
    await trainer.fit(denseTask.data(), {batchSize: 16});
    const [chain, gradients] = measured;
    const joint = normOf(Object.values(gradients!).map(({norm}) => norm!));
    expect(chain!['raw']!['norm']).toBeCloseTo(joint, 4);
    expect(joint).toBeGreaterThan(0.01);
    expect(chain!['clipByGlobalNorm']!['norm']).toBeCloseTo(0.01, 5);
  });

  it('is repeated by its seed: dropout, shuffling and noise', async () => {
    const train = async (seed: number): Promise<number[]> => {
      const model = sequential(
        tf.layers.dense({units: 8, activation: 'tanh', inputShape: [3]}),
        tf.layers.dropout({rate: 0.3}),
        tf.layers.dense({units: 1}),
      );
      const transforms = [gradientNoise({eta: 0.01})];
      await trainerOf(denseTask, model, {seed, transforms}).fit(denseTask.data(), {epochs: 3, batchSize: 4});
      return weightsOf(model);
    };
    const first = await train(1);
    expect(await train(1)).toBeAllclose(first, sameTraining());
    expect(await train(2)).not.toBeAllclose(first, {rtol: 1e-2});
  });

  it('ends before a loss that is not finite reaches the weights', async () => {
    const model = denseTask.model();
    const before = await weightsOf(model);
    const {x} = denseTask.data();
    const y = tf.fill([x.shape[0]!, 1], Number.NaN);
    const {reason} = await trainerOf(denseTask, model).fit({x, y}, order);
    expect(reason).toBe('diverged');
    expect(await weightsOf(model)).toEqual(before);
  });
});
