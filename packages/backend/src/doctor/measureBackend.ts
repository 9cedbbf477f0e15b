import * as tf from '@tensorflow/tfjs-core';
import type {Candidate} from '../candidate.js';
import {candidatesHere} from '../candidates.js';
import {checkTrainable} from '../checkTrainable.js';
import {MissingKernelsError} from '../missingKernelsError.js';
import {startBackend} from '../startBackend.js';
import {whyNot} from '../whyNot.js';
import {deviceInUse} from './deviceInUse.js';
import {AS_SHIPPED, type Diagnosis} from './diagnosis.js';
import {medianMs} from './medianMs.js';
import {cnn, mlp, type Workload} from './workloads.js';

const SIZE = 1024;

/** What there is to diagnose here, by name, best first. */
export function namesHere(): string[] {
  return candidatesHere().flatMap(({name}) => (name === 'wasm' ? [name, AS_SHIPPED] : name));
}

/** Starts the backend in this process, and measures what it can do. */
export async function measureBackend(name: string): Promise<Diagnosis> {
  const candidate = candidatesHere().find((other) => other.name === name) ?? {
    name,
    backend: 'wasm',
    packages: ['@tensorflow/tfjs-backend-wasm'],
    load: () => import('@tensorflow/tfjs-backend-wasm'),
  };
  try {
    await startBackend(candidate);
  } catch (error) {
    return {name, available: false, ...whyNot(error, candidate)};
  }
  const problems: string[] = [];
  const measured = async (title: string, measure: () => Promise<number>): Promise<number | null> => {
    try {
      return await measure();
    } catch (error) {
      problems.push(`${title}: ${problemOf(error)}.`);
      return null;
    }
  };
  return {
    name,
    available: true,
    auto: name !== AS_SHIPPED && (await isWorthIt(candidate)),
    ...(await deviceInUse()),
    gflops: await measured('GFLOP/s', gflops),
    mlpMs: await measured('MLP', () => stepMs(mlp())),
    cnnMs: await measured('CNN', () => stepMs(cnn())),
    problems,
  };
}

/** Whether it is taken without being asked for. */
async function isWorthIt(candidate: Candidate): Promise<boolean> {
  try {
    await candidate.check?.();
    return true;
  } catch {
    return false;
  }
}

async function gflops(): Promise<number> {
  const a = tf.randomUniform([SIZE, SIZE]);
  const ms = await medianMs(async () => {
    // Backends may compute when they please: one value read is one product done.
    const corner = tf.tidy(() => tf.slice(tf.matMul(a, a), [0, 0], [1, 1]));
    await corner.data();
    corner.dispose();
  });
  return (2 * SIZE ** 3) / ms / 1e6;
}

function stepMs({model, x, y}: Workload): Promise<number> {
  checkTrainable(model);
  return medianMs(() => model.trainOnBatch(x, y));
}

function problemOf(error: unknown): string {
  if (!(error instanceof MissingKernelsError)) return error instanceof Error ? error.message : String(error);
  const kernels = new Set(error.missing.flatMap((layer) => layer.kernels));
  return `cannot train, for want of ${[...kernels].join(', ')}`;
}
