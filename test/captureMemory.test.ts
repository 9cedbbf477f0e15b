import {
  activationStats,
  backwardStats,
  chainNorms,
  gradientMagnitude,
  gradientSnapshots,
  gradientStats,
  histograms,
  unitActivity,
  updateStats,
  weightSnapshots,
  weightStats,
} from '@gradwire/capture';
import {clipByGlobalNorm} from '@gradwire/clipping';
import {every, type TrainingEvent} from '@gradwire/core';
import {createTrainer} from '@gradwire/trainer';
import * as tf from '@tensorflow/tfjs';
import {expect, it} from 'vitest';

const STEPS = 10_000;

it('10,000 steps with every capture hold as many tensors and bytes at the end as at the beginning', async () => {
  await tf.setBackend('cpu');
  const model = tf.sequential({
    layers: [
      tf.layers.dense({units: 4, inputShape: [2], activation: 'relu'}),
      tf.layers.dense({units: 1, activation: 'tanh'}),
    ],
  });
  const [always, often] = [every(1), every(25)];
  const trainer = createTrainer({
    model,
    loss: 'meanSquaredError',
    optimizer: tf.train.adam(1e-3),
    transforms: [clipByGlobalNorm({maxNorm: 1})],
    captures: [
      gradientStats({when: always}),
      gradientStats({when: often, stage: 'clipByGlobalNorm', quantiles: [0.5]}),
      weightStats({when: often, below: 1e-3}),
      updateStats({when: always}),
      activationStats({when: always}),
      backwardStats({when: always}),
      unitActivity({when: often}),
      chainNorms({when: often}),
      gradientMagnitude({when: often}),
      weightSnapshots({when: often}),
      gradientSnapshots({when: often}),
      histograms({when: often, of: 'gradients', range: 'symlog'}),
      histograms({when: often, of: 'activations'}),
    ],
  });
  const memory = new Map<number, {numTensors: number; numBytes: number}>();
  let captures = 0;
  const failures: TrainingEvent[] = [];
  trainer.events$.subscribe((event) => {
    if (event.type === 'capture') captures++;
    if (event.type === 'captureFailed') failures.push(event);
    if (event.type !== 'epochBegin') return;
    const {numTensors, numBytes} = tf.memory();
    memory.set(event.step, {numTensors, numBytes});
  });
  const {x, y} = {x: tf.ones([100, 2]), y: tf.ones([100, 1])};
  await trainer.fit({x, y}, {epochs: STEPS / 100, batchSize: 1});
  expect(failures).toEqual([]);
  expect(captures).toBe(4 * STEPS + (9 * STEPS) / 25 + 1);
  expect(memory.size).toBe(STEPS / 100);
  // The first epoch makes the optimizer's slots.
  expect(memory.get(STEPS - 100)).toEqual(memory.get(100));
}, 120_000);
