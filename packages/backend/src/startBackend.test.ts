import * as tf from '@tensorflow/tfjs';
import {expect, it, vi} from 'vitest';
import {startBackend} from './startBackend.js';

it('starts a backend once, however many ask while it is starting, and however long each start takes', async () => {
  const wait = [1, 60, 60, 1, 60, 1, 60, 1];
  const factory = vi.fn<() => Promise<tf.KernelBackend>>(async () => {
    await new Promise((resolve) => setTimeout(resolve, wait.shift() ?? 1));
    return tf.findBackend('cpu') as tf.KernelBackend;
  });
  await tf.setBackend('cpu');
  tf.registerBackend('slow', factory);
  const candidate = {name: 'slow', backend: 'slow'};
  await Promise.all([startBackend(candidate), startBackend(candidate), startBackend(candidate)]);
  expect(tf.getBackend()).toBe('slow');
  expect(factory).toHaveBeenCalledTimes(1);
});

it('tries again after a start that failed', async () => {
  const load = vi.fn<() => Promise<unknown>>().mockRejectedValue(new Error('missing'));
  const candidate = {name: 'absent', backend: 'absent', load};
  await expect(Promise.all([startBackend(candidate), startBackend(candidate)])).rejects.toThrow('missing');
  await expect(startBackend(candidate)).rejects.toThrow('missing');
  expect(load).toHaveBeenCalledTimes(2);
});

it('prepares before every start, also of what is registered, and takes that back only if the start fails', async () => {
  const undo = vi.fn<() => void>();
  const prepare = vi.fn<() => Promise<() => void>>().mockResolvedValue(undo);
  await startBackend({name: 'cpu', backend: 'cpu', prepare});
  await startBackend({name: 'cpu', backend: 'cpu', prepare});
  expect(prepare).toHaveBeenCalledTimes(2);
  expect(undo).not.toHaveBeenCalled();
  await expect(startBackend({name: 'absent', backend: 'absent', prepare})).rejects.toThrow('not found');
  expect(undo).toHaveBeenCalledTimes(1);
});
