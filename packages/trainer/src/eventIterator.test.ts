import * as tf from '@tensorflow/tfjs';
import {describe, expect, it} from 'vitest';
import {expectNoNewTensors, failsAt, mlp, samples, typesOf, useCpu, wave} from '../fixtures/training.js';
import {createTrainer, type Trainer, type TrainerOptions, type TrainingEvent} from './index.js';

useCpu();

const trainerOf = (parts: Partial<TrainerOptions> = {}): Trainer =>
  createTrainer({model: mlp(), loss: 'meanSquaredError', optimizer: tf.train.sgd(0.1), ...parts});

async function all(
  events: AsyncIterable<TrainingEvent>,
  into: TrainingEvent[] = [],
): Promise<TrainingEvent[]> {
  for await (const event of events) into.push(event);
  return into;
}

describe('for await (const event of trainer.run(...))', () => {
  it('yields the events of the run', async () => {
    const trainer = trainerOf();
    const pushed: TrainingEvent[] = [];
    trainer.events$.subscribe((event) => pushed.push(event));
    const events = await all(trainer.run(samples(8), {epochs: 2, batchSize: 4}));
    expect(events).toEqual(pushed);
    expect(typesOf(events).at(-1)).toBe('runEnd');
  });

  it('misses nothing, however slow the loop is', async () => {
    const seen: string[] = [];
    for await (const {type} of trainerOf().run(samples(8), {batchSize: 2})) {
      seen.push(type);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(seen).toEqual(['runBegin', 'epochBegin', 'step', 'step', 'step', 'step', 'epochEnd', 'runEnd']);
  });

  it('begins when the loop does', async () => {
    const trainer = trainerOf();
    const run = trainer.run(samples(8));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await trainer.fit(samples(8))).reason).toBe('completed');
    expect(await all(run)).toHaveLength(5);
  });

  it('stops the run at a break', async () => {
    const trainer = trainerOf();
    const pushed: TrainingEvent[] = [];
    trainer.events$.subscribe((event) => pushed.push(event));
    await trainer.fit(samples(8));
    await expectNoNewTensors(async () => {
      const data = samples(8);
      for await (const {type} of trainer.run(data, {epochs: 1000})) if (type === 'step') break;
      tf.dispose([data.x, data.y]);
    });
    expect(pushed.at(-1)).toMatchObject({type: 'runEnd', reason: 'stopped'});
    expect((await trainer.fit(samples(8))).reason).toBe('completed');
  });

  it('stops the run when the loop throws', async () => {
    const trainer = trainerOf();
    const pushed: TrainingEvent[] = [];
    trainer.events$.subscribe((event) => pushed.push(event));
    const loop = async (): Promise<void> => {
      for await (const {type} of trainer.run(samples(8), {epochs: 1000})) {
        if (type === 'step') throw new Error('enough');
      }
    };
    await expect(loop()).rejects.toThrow('enough');
    expect(pushed.at(-1)).toMatchObject({type: 'runEnd', reason: 'stopped'});
  });

  it('throws what the run threw, after its events', async () => {
    const seen: TrainingEvent[] = [];
    const run = trainerOf({transforms: [failsAt(2)]}).run(samples(8), {batchSize: 2});
    await expect(all(run, seen)).rejects.toThrow('boom at step 2');
    expect(typesOf(seen)).toEqual(['runBegin', 'epochBegin', 'step', 'step', 'runEnd']);
    expect(seen.at(-1)).toMatchObject({reason: 'failed', error: {name: 'Error', message: 'boom at step 2'}});
  });

  it('throws what does not fit before any event', async () => {
    const seen: TrainingEvent[] = [];
    const run = trainerOf().run({x: wave([8, 3]), y: wave([8, 2])});
    await expect(all(run, seen)).rejects.toThrow('does not fit the model');
    expect(seen).toEqual([]);
  });

  it('leaves a run alone that is going on', async () => {
    const trainer = trainerOf();
    const fit = trainer.fit(samples(8), {epochs: 3, batchSize: 2});
    await expect(all(trainer.run(samples(8)))).rejects.toThrow('Trainer.fit: a run is going on');
    expect((await fit).reason).toBe('completed');
  });

  it('leaves the next run alone when it is left after its own', async () => {
    const trainer = trainerOf();
    let next: Promise<{reason: string}> | undefined;
    for await (const {type} of trainer.run(samples(8))) {
      if (type !== 'runEnd') continue;
      await new Promise((resolve) => setTimeout(resolve, 5));
      next = trainer.fit(samples(8), {epochs: 3, batchSize: 2});
      break;
    }
    expect((await next!).reason).toBe('completed');
  });
});
