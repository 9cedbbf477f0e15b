import * as tf from '@tensorflow/tfjs';
import {getThreadsCount} from '@tensorflow/tfjs-backend-wasm';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {prepareWasm} from './prepareWasm.js';

beforeEach(async () => {
  await prepareWasm({threads: 1});
  await tf.setBackend('wasm');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await prepareWasm({threads: 1});
});

/** A product that only the prepared kernel does quickly, and its value. */
function product(): number {
  return tf.tidy(() => tf.sum(tf.matMul(tf.ones([20, 30]), tf.ones([40, 30]), false, true)).dataSync()[0]!);
}

describe('prepareWasm', () => {
  it.each([0, -1, 1.5, 65, NaN, '2', null])('refuses %j threads', async (threads) => {
    await expect(prepareWasm({threads: threads as number})).rejects.toThrow(
      `prepareWasm: threads must be a whole number from 1 to 64, got ${String(threads)}.`,
    );
  });

  it('registers each kernel once, however often it is called', async () => {
    const kernels = () => tf.getKernelsForBackend('wasm').map(({kernelFunc}) => kernelFunc);
    const before = kernels();
    await prepareWasm({threads: 1});
    expect(kernels()).toEqual(before);
  });

  it('prints nothing', async () => {
    const warn = vi.spyOn(console, 'warn');
    await prepareWasm({threads: 2});
    await prepareWasm({threads: 1});
    expect(warn).not.toHaveBeenCalled();
  });

  it('leaves a second copy of the package nothing to do', async () => {
    const kernels = () => tf.getKernelsForBackend('wasm').map(({kernelFunc}) => kernelFunc);
    const before = kernels();
    vi.resetModules();
    const copy = (await import('./prepareWasm.js')) as {prepareWasm: typeof prepareWasm};
    expect(copy.prepareWasm).not.toBe(prepareWasm);
    await copy.prepareWasm({threads: 1});
    expect(kernels()).toEqual(before);
  });
});

describe('a prepared backend', () => {
  it('changes its number of threads while tensors live on it', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const variable = tf.variable(tf.scalar(5));
    await prepareWasm({threads: 2});
    expect([tf.getBackend(), getThreadsCount()]).toEqual(['wasm', 2]);
    expect([...tf.add(x, variable).dataSync()]).toEqual([6, 7, 8]);
    expect(product()).toBe(20 * 30 * 40);
    await prepareWasm({threads: 1});
    expect(getThreadsCount()).toBe(1);
    expect([...tf.add(x, variable).dataSync()]).toEqual([6, 7, 8]);
    tf.dispose([x, variable]);
  });

  it('takes calls at the same time one after the other', async () => {
    await Promise.all([prepareWasm({threads: 2}), prepareWasm({threads: 1}), prepareWasm({threads: 3})]);
    expect(getThreadsCount()).toBe(3);
    expect(product()).toBe(20 * 30 * 40);
  });

  it.each([1, 2])('keeps its %i threads when it is prepared again without a number', async (threads) => {
    await prepareWasm({threads});
    await prepareWasm();
    await tf.setBackend('wasm');
    expect(getThreadsCount()).toBe(threads);
  });

  it('does not become the backend in use by being prepared', async () => {
    await tf.setBackend('cpu');
    await prepareWasm({threads: 2});
    expect(tf.getBackend()).toBe('cpu');
    await tf.setBackend('wasm');
    expect(getThreadsCount()).toBe(2);
  });

  it.each([1, 2])('can be removed and registered again, with %i threads', async (threads) => {
    await prepareWasm({threads});
    product();
    const factory = tf.findBackendFactory('wasm');
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', factory, 2);
    await tf.setBackend('wasm');
    expect(getThreadsCount()).toBe(threads);
    expect(product()).toBe(20 * 30 * 40);
  });

  it.each([1, 2])('comes back after it has been removed, with %i threads', async (threads) => {
    tf.removeBackend('wasm');
    await prepareWasm({threads});
    await tf.setBackend('wasm');
    expect(getThreadsCount()).toBe(threads);
    expect(product()).toBe(20 * 30 * 40);
  });

  it("computes with an application's own registration", async () => {
    const shipped = tf.findBackendFactory('wasm');
    const own = vi.fn<typeof shipped>(() => shipped());
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', own);
    await prepareWasm({threads: 1});
    await tf.setBackend('wasm');
    expect(own).toHaveBeenCalledTimes(1);
    expect(product()).toBe(20 * 30 * 40);
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', shipped, 2);
  });

  it('counts its tensors and bytes', async () => {
    await prepareWasm({threads: 2});
    const before = tf.memory();
    const x = tf.matMul(tf.ones([2, 3]), tf.ones([4, 3]), false, true);
    expect(tf.memory().numTensors - before.numTensors).toBe(3);
    expect(tf.memory().numBytes - before.numBytes).toBe(4 * (6 + 12 + 8));
    x.dispose();
  });
});
