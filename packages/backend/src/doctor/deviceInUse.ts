import {availableParallelism} from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import {describeAdapter, requireAdapter} from '../gpuAdapter.js';
import type {Measurement} from './diagnosis.js';

/** Where the backend in use computes, and with how many threads. */
export async function deviceInUse(): Promise<Pick<Measurement, 'device' | 'threads'>> {
  switch (tf.getBackend()) {
    case 'tensorflow': {
      const {isUsingGpuDevice} = tf.backend() as Partial<Record<'isUsingGpuDevice', boolean>>;
      // Native TensorFlow takes a thread per core, and does not say so.
      return isUsingGpuDevice === true
        ? {device: 'GPU (CUDA)', threads: null}
        : {device: 'CPU', threads: availableParallelism()};
    }
    case 'webgpu':
      return {device: describeAdapter(await requireAdapter(navigator.gpu)), threads: null};
    case 'wasm': {
      const {getThreadsCount} = await import('@tensorflow/tfjs-backend-wasm');
      return {device: 'CPU', threads: getThreadsCount()};
    }
    default:
      return {device: 'CPU', threads: 1};
  }
}
