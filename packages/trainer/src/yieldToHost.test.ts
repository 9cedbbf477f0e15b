import * as tf from '@tensorflow/tfjs';
import {describe, expect, it, vi} from 'vitest';
import {useCpu, wave} from '../fixtures/training.js';
import {createTrainer} from './index.js';
import {hostYielder} from './yieldToHost.js';

useCpu();

/** Turns that timers had while `fn` ran. */
async function turns(fn: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const timer = setInterval(() => count++, 1);
  try {
    await fn();
    return count;
  } finally {
    clearInterval(timer);
  }
}

const busy = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

describe('the host has its turn', () => {
  it('during training, though no step waits for anything', async () => {
    const w = tf.variable(tf.scalar(1));
    const trainer = createTrainer({
      model: (x) => {
        busy(5);
        return tf.mul(x, w);
      },
      variables: [w],
      loss: (yTrue, yPred) => tf.losses.meanSquaredError(yTrue, yPred),
      optimizer: tf.train.sgd(0.1),
      readLoss: () => false,
    });
    const data = {x: wave([64]), y: wave([64])};
    expect(await turns(() => trainer.fit(data, {batchSize: 1}))).toBeGreaterThanOrEqual(5);
    expect(await turns(() => trainer.evaluate(data, {batchSize: 1}))).toBeGreaterThanOrEqual(5);
  });

  it.each([['with setImmediate'], ['with a MessageChannel']])('%s', async (way) => {
    if (way.includes('Channel')) vi.stubGlobal('setImmediate', undefined);
    try {
      const yieldToHost = hostYielder();
      const seen = await turns(async () => {
        for (let i = 0; i < 6; i++) {
          busy(30);
          await yieldToHost();
        }
      });
      expect(seen).toBeGreaterThanOrEqual(3);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('not before it is time', () => {
    expect(hostYielder()()).toBe(undefined);
  });
});
