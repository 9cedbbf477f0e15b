import * as tf from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {expectNoLeaks} from './expectNoLeaks.js';

beforeAll(() => tf.setBackend('cpu'));

describe('expectNoLeaks', () => {
  it('passes what frees all that it makes', async () => {
    await expectNoLeaks(() => tf.ones([2]).dispose());
  });

  it('waits for what is asynchronous', async () => {
    const leak = async (): Promise<void> => {
      const x = tf.ones([2]);
      await x.data();
      tf.clone(x);
    };
    await expect(expectNoLeaks(leak)).rejects.toThrow(/^expectNoLeaks: \d+ tensors, 2 more than before\.$/);
  });

  it('fails what disposes a tensor that is not its own', async () => {
    const x = tf.ones([2]);
    await expect(expectNoLeaks(() => x.dispose())).rejects.toThrow(/1 fewer than before/);
  });

  it.each([
    [tf.ones([2]), 'a Tensor'],
    [Promise.resolve(), 'a Promise'],
    [undefined, 'undefined'],
  ])('refuses %o, which is no function', async (given, words) => {
    await expect(expectNoLeaks(given as never)).rejects.toThrow(
      new TypeError(`expectNoLeaks: fn must be a function, got ${words}.`),
    );
  });

  it('hands on an error', async () => {
    const fail = (): void => {
      throw new Error('no such luck');
    };
    await expect(expectNoLeaks(fail)).rejects.toThrow('no such luck');
  });
});
