import {isNative} from '@gradwire/core';
import * as tf from '@tensorflow/tfjs-core';
import {expect, vi} from 'vitest';
import {snapshot} from '../snapshot.js';
import {tensorsIn} from './captureBench.js';
import {type CaptureCheck, measureAsTrainer} from './captureCheck.js';

/** What a capture does to the tensors that it is given, and with its own. */
export const tensorChecks: readonly CaptureCheck[] = [
  {
    title: 'neither changes nor disposes what it is given',
    async run({create}, bench) {
      const ctx = bench.context();
      const end = bench.end();
      const given = {...tensorsIn(ctx), ...end.weights};
      const before = await snapshot(given);
      const capture = create();
      measureAsTrainer(capture, ctx);
      capture.finish?.(end);
      const disposed = Object.keys(given).filter((name) => given[name as keyof typeof given]!.isDisposed);
      expect(disposed, 'disposed inputs').toEqual([]);
      expect(await snapshot(given)).toEqual(before);
    },
  },
  {
    title: 'reads nothing back: that is done once, for all captures of a step',
    run({create}, bench) {
      // Native TensorFlow shares the memory of this process: there, core itself reads.
      if (isNative()) return;
      const capture = create();
      const [ctx, end] = [bench.context(), bench.end()];
      const spies = (['read', 'readSync'] as const).map((method) => vi.spyOn(tf.engine(), method));
      try {
        measureAsTrainer(capture, ctx);
        capture.finish?.(end);
        expect(
          spies.map(({mock}) => mock.calls.length),
          'tensors read asynchronously and synchronously',
        ).toEqual([0, 0]);
      } finally {
        for (const spy of spies) spy.mockRestore();
      }
    },
  },
  {
    title: 'leaks nothing but what it returns',
    run({create}, bench) {
      const capture = create();
      const [ctx, end] = [bench.context(), bench.end()];
      const run = (): void => tf.tidy(() => void [capture.measure(ctx), capture.finish?.(end)]);
      run();
      const before = tf.memory().numTensors;
      for (let step = 0; step < 5; step++) run();
      expect(tf.memory().numTensors, 'tensors after five more steps').toBe(before);
    },
  },
];
